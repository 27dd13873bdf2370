#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `meson install` puts into place fits together.

    install.py BUILD PREFIX APP_ID

The desktop entry, the D-Bus service and the icons carry the application's id; what they start is
there; the icons draw something at every size they are shown at.
"""

import configparser
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'lint'))
from tap import Tap  # noqa: E402

PROGRAMS = ('bin/gannet', 'bin/gannet-cli', 'libexec/gannet-media')
SIZES = (16, 32, 64, 128, 256)


def install(build, folder):
    command = ['meson', 'install', '-C', build, '--no-rebuild', '--destdir', folder]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def read_keys(path):
    keys = configparser.ConfigParser(interpolation=None, strict=True)
    keys.optionxform = str
    keys.read(path)
    return keys


def check_entry(tap, share, app_id):
    entry = read_keys(share / f'applications/{app_id}.desktop')
    main = entry['Desktop Entry']
    tap.check(main['DBusActivatable'] == 'true' and main['Icon'] == app_id
              and main['Exec'].split()[1:] == ['%U'], 'the entry takes links and is activated by D-Bus')
    actions = main['Actions'].rstrip(';').split(';')
    wrong = [name for name in actions
             if entry[f'Desktop Action {name}']['Exec'].split()[2:] != [app_id, name]]
    tap.check(actions and not wrong, 'each action of the entry is one of the application', str(wrong))


def check_service(tap, share, programs, app_id):
    service = read_keys(share / f'dbus-1/services/{app_id}.service')['D-BUS Service']
    tap.check(service['Name'] == app_id and
              service['Exec'] == f'{programs / "gannet"} --gapplication-service',
              'the service starts the installed program', str(dict(service)))


def check_metainfo(tap, share, app_id):
    root = ElementTree.parse(share / f'metainfo/{app_id}.metainfo.xml').getroot()
    tap.check(root.findtext('id') == app_id and root.findtext('launchable') == f'{app_id}.desktop',
              'the metainfo leads to the entry')


def check_settings(tap, root, app_id):
    """A program finds the schema of its own prefix, wherever that is."""
    schemas = root / 'share/glib-2.0/schemas'
    tap.check((schemas / f'{app_id}.gschema.xml').is_file(), 'the schema is installed')
    subprocess.run(['glib-compile-schemas', schemas], check=True)
    home = root / 'home'
    (home / 'gannet').mkdir(parents=True)
    (home / 'gannet/settings.ini').write_text("[gannet]\nwish='audio'\n")
    environment = {key: value for key, value in os.environ.items() if key != 'GSETTINGS_BACKEND'}
    environment |= {'XDG_CONFIG_HOME': str(home), 'XDG_DATA_HOME': str(home)}
    done = subprocess.run([root / 'bin/gannet-cli', 'queue', 'add', '--json',
                           'https://example.org/film.mp4'],
                          env=environment, capture_output=True, text=True)
    tap.check('"wish":"audio"' in done.stdout, 'an installed program knows the settings',
              done.stdout + done.stderr)


def ask_convert(*arguments):
    return subprocess.run(['convert', *arguments], check=True, capture_output=True,
                          text=True).stdout


def measure(picture, size):
    """Share of the square that is covered, and how many colours there are."""
    with tempfile.NamedTemporaryFile(suffix='.png') as drawn:
        subprocess.run(['rsvg-convert', '-w', str(size), '-h', str(size), '-o', drawn.name, picture],
                       check=True)
        covered = ask_convert(drawn.name, '-alpha', 'extract', '-format', '%[fx:mean]', 'info:')
        colours = ask_convert(drawn.name, '-unique-colors', '-format', '%w', 'info:')
    return float(covered), int(colours)


def check_icons(tap, share, app_id):
    apps = share / 'icons/hicolor'
    colour, symbolic = (apps / 'scalable/apps' / f'{app_id}.svg',
                        apps / 'symbolic/apps' / f'{app_id}-symbolic.svg')
    if not shutil.which('rsvg-convert') or not shutil.which('convert'):
        tap.skip('the icons draw something', 'no rsvg-convert or no convert')
        return
    for size in SIZES:
        covered, colours = measure(colour, size)
        tap.check(0.5 < covered < 0.9 and colours > 40, f'the icon at {size} px',
                  f'{covered} covered, {colours} colours')
    covered, _ = measure(symbolic, 16)
    text = symbolic.read_text()
    tap.check(0.15 < covered < 0.6 and text.count('fill="') == text.count('fill="#2e3436"'),
              'the symbolic icon is of one colour', f'{covered} covered')


def main(build, prefix, app_id):
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        status, output = install(build, folder)
        tap.check(status == 0, 'installs', output[-4000:])
        root = Path(folder) / prefix.lstrip('/')
        for name in PROGRAMS:
            tap.check(os.access(root / name, os.X_OK), f'{name} is installed')
        check_entry(tap, root / 'share', app_id)
        check_service(tap, root / 'share', Path(prefix) / 'bin', app_id)
        check_metainfo(tap, root / 'share', app_id)
        check_icons(tap, root / 'share', app_id)
        check_settings(tap, root, app_id)
    tap.end()


if __name__ == '__main__':
    main(*sys.argv[1:])
