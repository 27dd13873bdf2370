#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/faults.tsv names every case of what can go wrong, and its proofs are tests that exist.

    check-faults.py ROOT BUILD

A row is case, proof, what happens. The proof is one of
    suite/program:/path/of/test      several with a space between; a path ending in /* means all
                                     tests below it; without `:path` the whole program
    later: layer                     the code of that layer is still to come
    none: reason                     why there is no test
"""

import json
import re
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

CASES = {'S': 40, 'N': 12, 'D': 14, 'K': 19, 'H': 26, 'T': 20, 'P': 14, 'U': 10}
EXPECTED = {f'{group}{number:02}' for group, count in CASES.items()
            for number in range(1, count + 1)}
LATER = {'engine', 'store', 'service', 'relay', 'ui', 'media', 'extract', 'platform', 'platforms'}


def list_tests(build):
    """By suite/program: the paths of its tests, or None where it cannot list them."""
    introspected = subprocess.run(['meson', 'introspect', '--tests', str(build)], check=True,
                                  capture_output=True, text=True).stdout
    return {f'{suite.split(":")[-1]}/{test["name"]}': test['cmd']
            for test in json.loads(introspected) for suite in test['suite']}


def list_paths(command, known={}):
    program = command[0]
    if program not in known:
        done = subprocess.run([program, '-l'], capture_output=True, text=True, timeout=60) \
            if len(command) == 1 else None
        known[program] = done and [line for line in done.stdout.splitlines()
                                   if line.startswith('/')]
    return known[program]


def check_proof(proof, tests):
    program, _, path = proof.partition(':')
    if program not in tests:
        return f'there is no test {program}'
    paths = list_paths(tests[program]) if path else None
    if paths is not None and not any(fnmatchcase(name, path) for name in paths):
        return f'{program} has no test {path}'
    return None


def check_row(row, tests):
    if len(row) != 3 or not all(row):
        return 'not case, proof, what happens'
    case, proof, _ = row
    if case not in EXPECTED:
        return 'no such case'
    if proof.startswith('later: '):
        return None if proof[7:] in LATER else f'{proof[7:]} is no layer to come'
    if re.match(r'none: \S', proof):
        return None
    return next(filter(None, (check_proof(one, tests) for one in proof.split())), None)


def main(table, tests):
    rows = [line.split('\t') for line in table.read_text().splitlines()
            if line and not line.startswith('#')]
    wrong = [f'{row[0]}: {text}' for row in rows for text in [check_row(row, tests)] if text]
    cases = [row[0] for row in rows]
    wrong += [f'{case}: missing' for case in sorted(EXPECTED - set(cases))]
    wrong += [f'{case}: twice' for case, count in Counter(cases).items() if count > 1]
    proved = sum(not re.match('later:|none:', row[1]) for row in rows if len(row) > 1)
    print('\n'.join(wrong + [f'{len(rows)} cases, {proved} with a test, {len(wrong)} findings']))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1]) / 'tests/faults.tsv', list_tests(Path(sys.argv[2]))))
