#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what meson's test logs say, subtests one by one, and ends with the sum on one line.

    count-results.py SKIPS LOG…        SKIPS: tests/skips.tsv; LOG: meson-logs/testlog.json

A program that crashed, hung or broke its plan counts as one more failure. Ends with 1 on any
failure, and, where CI=true, on a skip that SKIPS does not list (test, subtest, reason; * matches
anything).
"""

import json
import os
import re
import sys
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

LINE = re.compile(r'^(not )?ok\b *\d* *-? *(.*?)(?: *# *(SKIP)\b *(.*))?$', re.IGNORECASE)
PLAN = re.compile(r'^1\.\.\d+', re.MULTILINE)


def read_log(path):
    """(test, subtest, 'passed' | 'failed' | 'skipped', why) for everything in one log."""
    for line in path.read_text(errors='replace').splitlines():
        entry = json.loads(line)
        name = entry['name'].split(':', 1)[-1].replace(' / ', '/')
        output = entry.get('stdout', '')
        subtests = [match for match in map(LINE.match, output.splitlines()) if match]
        failed = False
        for match in subtests:
            skipped = match[3] is not None
            state = 'failed' if match[1] else 'skipped' if skipped else 'passed'
            failed = failed or state == 'failed'
            yield name, match[2], state, match[4] or ''
        result = entry['result']
        if result == 'SKIP' and not subtests:
            yield name, '', 'skipped', output.strip()
        elif result not in ('OK', 'SKIP', 'EXPECTEDFAIL') and not failed:
            yield name, '', 'failed', result.lower()
        elif not subtests and not PLAN.search(output):
            yield name, '', 'passed', ''


def read_skips(path):
    rows = [line.split('\t') for line in path.read_text().splitlines()
            if line and not line.startswith('#')]
    bad = [row for row in rows if len(row) != 3 or not all(row)]
    if bad:
        sys.exit(f'{path}: not test, subtest, reason: {bad[0]}')
    return rows


def main(skips_path, log_paths, ci):
    skips = read_skips(skips_path)
    count, unlisted = Counter(), 0
    for path in log_paths:
        for test, subtest, state, why in read_log(path):
            count[state] += 1
            listed = state == 'skipped' and any(
                fnmatchcase(test, row[0]) and fnmatchcase(subtest, row[1]) for row in skips)
            unlisted += state == 'skipped' and not listed
            if state != 'passed':
                note = '' if listed or state == 'failed' else ' (not listed in skips.tsv)'
                print(f'{state}: {path.parent.parent.name}: {test} {subtest}: {why}{note}')
    print(f'{count["passed"]} passed, {count["failed"]} failed, {count["skipped"]} skipped')
    return 1 if count['failed'] or not count['passed'] or ci and unlisted else 0


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1]), [Path(log) for log in sys.argv[2:]],
                  os.environ.get('CI') == 'true'))
