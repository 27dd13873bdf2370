#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What detect says of links whose truth is known, and how fast.

    detect-truth.py GANNET_CLI SANITIZED

recordings/url-truth.tsv in GANNET_SHARED says in its column `check` what a link alone tells: `id` (site and
id must be right), `platform` (the site must), `reject` (nobody may claim it), `listing` (the site
may claim it or not); other rows are left out. SANITIZED is "none" for a build that is timed.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parent.parent / 'lint'))
from tap import Tap  # noqa: E402

SITES = ('telegram', 'twitter')
N_LINKS = 100_000
MAX_SECONDS = 2


def detect(program, lines):
    done = subprocess.run([program, '--no-config', 'detect', '--json', '-'], input='\n'.join(lines),
                          capture_output=True, text=True, timeout=300, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def is_right(row, found):
    site, check = row['platform'], row['check']
    if check == 'reject':
        return found['platform'] is None
    if check == 'listing':
        return found['platform'] in (site, None)
    if found['platform'] != site:
        return False
    return check == 'platform' or found['id'].split('/')[-1] == row['check_id']


def check_truth(tap, program, rows):
    found = detect(program, [row['url'] for row in rows])
    tap.check(len(found) == len(rows), 'one answer for each link, in order')
    for row, answer in zip(rows, found):
        tap.check(is_right(row, answer), f'{row["check"]} {row["url"]}'.replace('#', '\\#'),
                  json.dumps(answer))
    counts = {check: sum(row['check'] == check for row in rows) for check in
              sorted({row['check'] for row in rows})}
    print(f'# {len(rows)} links: {counts}')


def check_time(tap, program, rows, sanitized):
    """By the time that the processor took: the machine may be busy with other tests."""
    lines = [rows[i % len(rows)]['url'] + f'#{i}' for i in range(N_LINKS)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    found = detect(program, lines)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - start
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f'# {N_LINKS} links: {busy:.2f} s of the processor, {seconds:.2f} s with reading them '
          f'here (sanitizers: {sanitized})')
    tap.check(len(found) == N_LINKS and (sanitized != 'none' or busy < MAX_SECONDS),
              f'{N_LINKS} links in time', f'{len(found)} answers, {busy:.2f} s')


def main(program, shared, sanitized):
    truth = shared / 'recordings' / 'url-truth.tsv'
    if not truth.is_file():
        print('1..0 # SKIP GANNET_SHARED has no recordings')
        return
    with truth.open(encoding='utf-8', newline='') as file:
        rows = [row for row in csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE)
                if row['platform'] in SITES
                and row['check'] in ('id', 'platform', 'reject', 'listing')]
    tap = Tap()
    check_truth(tap, program, rows)
    check_time(tap, program, rows, sanitized)
    tap.end()


if __name__ == '__main__':
    main(sys.argv[1], Path(os.environ.get('GANNET_SHARED', 'nowhere')), sys.argv[2])
