# SPDX-License-Identifier: GPL-3.0-or-later
"""The few lines of TAP that the Python tests need."""

import sys


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, ok, name, detail=''):
        self.count += 1
        self.failed += not ok
        print(f'{"ok" if ok else "not ok"} {self.count} {name}')
        if not ok and detail:
            print('\n'.join('# ' + line for line in detail.splitlines()))

    def skip(self, name, why):
        self.count += 1
        print(f'ok {self.count} {name} # SKIP {why}')

    def end(self):
        print(f'1..{self.count}')
        sys.exit(1 if self.failed or not self.count else 0)
