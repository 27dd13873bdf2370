#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the tree builds without a warning, with all sites, with one left out, with one alone.

    fresh-build.py ROOT

Each time gannet-cli is built and asked which sites it knows.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tap import Tap

PARTS = ('meson.build', 'meson_options.txt', 'src', 'data', 'icons', 'po', 'platforms', 'tests')


def read_sites(root):
    """The default of the option `platforms`."""
    option = re.search(r"option\('platforms'.*?value: \[(.*?)\]",
                       (root / 'meson_options.txt').read_text(), re.DOTALL)
    return re.findall(r"'([\w-]+)'", option[1])


def run(command):
    """Exit status, and what was written to stdout and stderr."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def ask_sites(program):
    status, output = run([program, 'platforms', '--no-config', '--json'])
    rows = output.splitlines() if status == 0 else []
    return sorted(json.loads(row)['id'] for row in rows), output


def main(root):
    tap = Tap()
    sites = read_sites(root)
    with tempfile.TemporaryDirectory() as folder:
        copy, build = Path(folder) / 'gannet', Path(folder) / 'build'
        for part in filter(Path.exists, (root / part for part in PARTS)):
            shutil.copytree(part, copy / part.name) if part.is_dir() else \
                (copy.mkdir(exist_ok=True), shutil.copy(part, copy))
        for chosen in (sites, [site for site in sites if site != 'telegram'], ['generic']):
            option = '-Dplatforms=' + ','.join(chosen)
            command = ['meson', 'configure', build] if build.exists() else ['meson', 'setup', build,
                                                                           copy]
            status, setup = run([*command, option])
            failed, output = run(['ninja', '-C', build, 'src/cli/gannet-cli'])
            warnings = [line for line in (setup + output).splitlines()
                        if re.search(r'\bwarning:|^WARNING', line, re.IGNORECASE)]
            tap.check(not status and not failed and not warnings, f'builds with {option}',
                      '\n'.join(warnings) or output[-4000:])
            names, known = ask_sites(build / 'src/cli/gannet-cli')
            tap.check(names == sorted(chosen), f'knows {" ".join(chosen)}', known)
    tap.end()


if __name__ == '__main__':
    main(Path(sys.argv[1]).resolve())
