#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""count-results.py counts right and fails when it has to."""

import contextlib
import importlib
import io
import json
import tempfile
from pathlib import Path

from tap import Tap

count_results = importlib.import_module('count-results')

GOOD = {'name': 'gannet:base / url', 'result': 'OK', 'stdout': 'ok 1 /url/a\n# x\nok 2 /b\n1..2\n'}
PLAIN = {'name': 'gannet:lint / layers', 'result': 'OK', 'stdout': '60 checks\n'}
FAILED = GOOD | {'result': 'FAIL', 'stdout': 'ok 1 /a\nnot ok 2 /b\n1..2\n'}
CRASHED = GOOD | {'result': 'ERROR', 'stdout': 'ok 1 /a\n1..2\n'}
HUNG = {'name': 'gannet:net / http', 'result': 'TIMEOUT'}
SKIPPED = GOOD | {'result': 'SKIP', 'stdout': 'ok 1 /a # SKIP no disk\n1..1\n'}
SKIPPED_ALL = {'name': 'gannet:lint / codespell', 'result': 'SKIP', 'stdout': 'not installed\n'}
LISTED = 'base/*\t/a\tneeds a disk\nlint/codespell\t*\toptional\n'


def run(entries, skips='', ci=False):
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / 'build/meson-logs/testlog.json'
        log.parent.mkdir(parents=True)
        log.write_text('\n'.join(map(json.dumps, entries)))
        listed = Path(folder) / 'skips.tsv'
        listed.write_text('# test, subtest, reason\n' + skips)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = count_results.main(listed, [log], ci)
        return status, output.getvalue()


def main():
    tap = Tap()

    def expect(name, status, last, *arguments):
        got, output = run(*arguments)
        tap.check((got, output.splitlines()[-1]) == (status, last), name, output)

    expect('subtests and plain tests', 0, '3 passed, 0 failed, 0 skipped', [GOOD, PLAIN])
    expect('a failed subtest', 1, '1 passed, 1 failed, 0 skipped', [FAILED])
    expect('a crash', 1, '1 passed, 1 failed, 0 skipped', [CRASHED])
    expect('a hang', 1, '2 passed, 1 failed, 0 skipped', [GOOD, HUNG])
    expect('nothing ran', 1, '0 passed, 0 failed, 0 skipped', [])
    expect('skips', 0, '2 passed, 0 failed, 2 skipped', [GOOD, SKIPPED, SKIPPED_ALL])
    expect('an unlisted skip in CI', 1, '2 passed, 0 failed, 1 skipped', [GOOD, SKIPPED], '', True)
    expect('listed skips in CI', 0, '2 passed, 0 failed, 2 skipped',
           [GOOD, SKIPPED, SKIPPED_ALL], LISTED, True)
    tap.end()


if __name__ == '__main__':
    main()
