#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every view, narrow and wide, light and dark.

    shot.py BUILD       writes BUILD/shots/VIEW-WIDTH-SCHEME.png

Everything in them is real: the window, its database, downloads from servers on loopback that are
fast, slow or refuse. gannet-cli prepares them; the window takes its colours from the settings.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import shot_site  # noqa: E402
from gan_desktop import Desktop, TimeOut, require_tools, wait_for  # noqa: E402

WIDE = (1200, 800)
SIZES = {'1200': WIDE, '360': (360, 720)}
SCHEMES = ('light', 'dark')
SETTINGS = '[gannet]\nmax-jobs=uint32 3\nmax-jobs-per-host=uint32 3\n'
DONE = ('tide', 'dive', 'storm', 'nets', 'chicks', 'dawn')
FAST, SLOW, CIRCLE, DEAF, LATER, WAITING = 'cliffs', 'lighthouse', 'fog', 'kelp', 'map', 'ferry'
UNKNOWN = 'no-such-page'


class Shooter:
    """One window, seen in all sizes and colours."""

    def __init__(self, desktop):
        self.desktop, self.shots = desktop, desktop.build / 'shots'
        self.shots.mkdir(exist_ok=True)

    def choose(self, scheme):
        path = self.desktop.home / '.config/gannet/settings.ini'
        path.parent.mkdir(exist_ok=True, mode=0o700)
        path.write_text(f"{SETTINGS}color-scheme='{scheme}'\n")

    def shoot(self, window, view):
        """When the picture has come to rest; what runs never does, so after 2 s at most."""
        for width, size in SIZES.items():
            window.resize(*size)
            window.place_dialog(*size)
            for scheme in SCHEMES:
                self.choose(scheme)
                self.shoot_one(self.shots / f'{view}-{width}-{scheme}.png', size)
        window.resize(*WIDE)

    def shoot_one(self, path, size):
        last, end = None, time.monotonic() + 2
        while time.monotonic() < end:
            time.sleep(0.4)
            self.desktop.shoot(path, *size)
            now = path.read_bytes()
            if now == last:
                break
            last = now
        print(path, flush=True)


def serve(desktop):
    """Both servers; the address of the site. Each name of the host is a site of its own."""
    server = desktop.serve_scenarios().replace('127.0.0.1', 'localhost')
    slow = f'{server}/slow/clip.mp4?size=94371840&rate='
    clips = {FAST: slow + '900000', SLOW: slow + '250000&seed=2', DEAF: 'http://127.0.0.1:9/a.mp4',
             CIRCLE: f'{server}/redir_loop/clip.mp4'}
    folder = desktop.home / 'site'
    folder.mkdir()
    shot_site.build(folder, desktop.build / 'tests/demo', clips)
    return desktop.serve_folder(folder)


def shoot_empty(desktop, shooter):
    window = desktop.open_window()
    shooter.shoot(window, 'downloads-empty')
    window.activate('show-library')
    shooter.shoot(window, 'library-empty')
    window.quit()


def fill(desktop, site):
    for name in DONE:
        desktop.cli('get', '-d', desktop.downloads, f'{site}{name}.html')
    names = (UNKNOWN, CIRCLE, DEAF, FAST, SLOW, LATER, WAITING)
    desktop.cli('queue', 'add', *(f'{site}{name}.html' for name in names))
    later = desktop.query('SELECT id FROM jobs WHERE url LIKE ?', f'%/{LATER}.html')[0][0]
    desktop.cli('queue', 'pause', later)


def wait_for_rows(desktop):
    """Until everything is in the state that it will be in for a while."""
    def is_settled():
        rows = {title: state for title, state in desktop.query('SELECT title, state FROM jobs')}
        parts = [part.stat().st_size for part in desktop.downloads.glob('*.part')]
        return (list(rows.values()).count('failed') >= 2 and max(parts, default=0) > 4000000
                and rows.get(shot_site.TITLES[DEAF]) == 'retrying')
    try:
        wait_for('the rows', is_settled, 45)
    except TimeOut as error:
        print(f'{error}: {desktop.query("SELECT title, state, error_code FROM jobs")}')


def shoot_dialogs(desktop, shooter, window, site):
    window.add(f'{site}dawn.html')
    window.wait_for_text(shot_site.TITLES['dawn'])
    shooter.shoot(window, 'add')
    window.press_in_dialog('Escape')
    window.add(*[f'{site}{name}.html' for name in (*DONE, UNKNOWN)])
    window.wait_for_text(shot_site.TITLES[DONE[-1]])
    shooter.shoot(window, 'add-several')
    window.press_in_dialog('Escape')
    window.activate('preferences')
    shooter.shoot(window, 'preferences')
    window.press_in_dialog('Escape')
    window.activate('shortcuts')
    shooter.shoot(window, 'shortcuts')
    window.press_in_dialog('Escape')


def shoot_full(desktop, shooter, site):
    fill(desktop, site)
    window = desktop.open_window()
    wait_for_rows(desktop)
    shooter.shoot(window, 'downloads')
    shoot_dialogs(desktop, shooter, window, site)
    window.activate('show-library')
    window.wait_for_text(shot_site.TITLES['storm'])
    shooter.shoot(window, 'library')
    window.press('ctrl+f')
    desktop.xdotool('type', 'albatross')
    shooter.shoot(window, 'library-no-hit')
    window.quit()


def main(build):
    with Desktop(build, *WIDE) as desktop:
        del desktop.env['ADW_DEBUG_COLOR_SCHEME']
        shooter = Shooter(desktop)
        shooter.choose('light')
        shoot_empty(desktop, shooter)
        shoot_full(desktop, shooter, serve(desktop))


if __name__ == '__main__':
    require_tools()
    main(Path(sys.argv[1]).resolve())
