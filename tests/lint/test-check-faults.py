#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-faults.py believes no row that names a test that is not there."""

import contextlib
import importlib
import io
import stat
import tempfile
from pathlib import Path

from tap import Tap

check_faults = importlib.import_module('check-faults')


def main():
    tap = Tap()
    good = {case: f'{case}\tlater: relay\twhat happens' for case in sorted(check_faults.EXPECTED)}
    folder = tempfile.TemporaryDirectory()
    program = Path(folder.name) / 'test-transfer'
    program.write_text('#!/bin/sh\nprintf "/transfer/resume\\n/transfer/names/long\\n"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    tests = {'engine/transfer': [str(program)], 'demo/demo': ['run.sh', 'build']}

    def expect(name, text, *rows, leave_out=()):
        table = Path(folder.name) / 'faults.tsv'
        kept = {case: row for case, row in good.items()
                if case not in leave_out and not any(one.startswith(case) for one in rows)}
        table.write_text('\n'.join(['# case, proof, what', *kept.values(), *rows]))
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = check_faults.main(table, tests)
        tap.check(status == (1 if text else 0) and text in output.getvalue(), name,
                  output.getvalue())

    expect('all later', '')
    expect('a test', '', 'S01\tengine/transfer:/transfer/resume demo/demo\tresumes')
    expect('tests below a path', '', 'S01\tengine/transfer:/transfer/names/*\tresumes')
    expect('a reason', '', 'S36\tnone: HTTP/1.1 only\tcannot happen')
    expect('no reason', 'no test none', 'S36\tnone:\tcannot happen')
    expect('no such program', 'no test engine/other', 'S01\tengine/other:/x\tresumes')
    expect('no such test', 'has no test /transfer/gone', 'S01\tengine/transfer:/transfer/gone\tx')
    expect('no such layer', 'no layer to come', 'S01\tlater: someone\tx')
    expect('no such case', 'no such case', 'Z01\tlater: relay\tx')
    expect('a short row', 'not case', 'S01\tlater: relay')
    expect('a missing case', 'S01: missing', leave_out=['S01'])
    expect('a case twice', 'S01: twice', 'S01\tlater: relay\tx', 'S01\tlater: ui\tx')
    folder.cleanup()
    tap.end()


if __name__ == '__main__':
    main()
