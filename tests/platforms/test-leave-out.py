#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site that is left out of the meson option is not built, not in the table, and its rules are not
compiled in; all others are.

    test-leave-out.py ROOT
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / 'lint'))
from tap import Tap  # noqa: E402


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(root):
    tap = Tap()
    sites = sorted(path.name for path in (root / 'platforms').iterdir()
                   if (path / f'{path.name}.json').exists())
    tap.check(sites, 'there are sites')
    for left_out in sites[-1:]:
        kept = [site for site in sites if site != left_out]
        with tempfile.TemporaryDirectory() as folder:
            run('meson', 'setup', folder, str(root), '-Dplatforms=' + ','.join(kept))
            targets = {target['name'] for target
                       in json.loads(run('meson', 'introspect', '--targets', folder))}
            made = Path(folder) / 'platforms'
            table = (made / 'gan-platforms-table.c').read_text()
            rules = (made / 'platforms.gresource.xml').read_text()
        for site in sites:
            there = site != left_out
            what = 'built, in the table, with its rules' if there else 'nowhere'
            tap.check((f'site-{site}' in targets) == there and (f'"{site}"' in table) == there
                      and (f'"{site}.json"' in rules) == there, f'{site} is {what}')
    tap.end()


main(Path(sys.argv[1]))
