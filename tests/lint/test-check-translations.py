#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-translations.py finds words that no translator would see."""

import contextlib
import importlib
import io
import tempfile
from pathlib import Path

from tap import Tap

check_translations = importlib.import_module('check-translations')

WORDS = 'const char *a = _ ("Download");\n'
PLURAL = 'a = g_strdup_printf (ngettext ("%u file", "%u files", n), n);\n'


def main():
    tap = Tap()

    def expect(name, text, listed, **files):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for parent in ('po', 'data', 'src/ui'):
                (root / parent).mkdir(parents=True)
            (root / 'po/POTFILES.in').write_text(''.join(f'{line}\n' for line in listed))
            for stem, content in files.items():
                (root / 'src/ui' / f'{stem}.c').write_text(content)
            (root / 'data/app.desktop').write_text('[Desktop Entry]\nName=A\n')
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                status = check_translations.main(root)
        tap.check(status == (1 if text else 0) and text in output.getvalue(), name,
                  output.getvalue())

    entry, row = 'data/app.desktop', 'src/ui/row.c'
    expect('all is named', '', ['# comment', entry, row], row=WORDS, plain='return a_ (b);\n')
    expect('plurals count', 'src/ui/row.c:1: not in', [entry], row=PLURAL)
    expect('a file left out', 'src/ui/row.c:1: not in', [entry], row=WORDS)
    expect('a comment is no word', '', [entry], row='/* _ ("not me") */\n')
    expect('the definition is no word', '', [entry], row='#define _(x) gettext (x)\n')
    expect('a desktop entry left out', 'data/app.desktop:1: not in', [row], row=WORDS)
    expect('a file without words', 'POTFILES.in:2: src/ui/row.c holds no', [entry, row],
           row='int a;\n')
    expect('a file that is gone', 'src/ui/row.c holds no', [entry, row])
    expect('out of order', 'not sorted', [row, entry], row=WORDS)
    expect('no literal', 'src/ui/row.c:1: what is translated', [entry, row], row='_ (text);\n')
    tap.end()


if __name__ == '__main__':
    main()
