#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""po/POTFILES.in names the files that hold words for people, and no other.

    check-translations.py ROOT

Those are the files of src/ui that call gettext, and the desktop entry, the metainfo and the
settings schema in data. Below src/ui every call of gettext has a literal: what xgettext cannot see
is never translated.
"""

import re
import sys
from pathlib import Path

from c_source import Source

# Words are marked by one of these; the code of a Source has its literals blanked to "   ".
CALL = re.compile(r'\b(_|N_|C_|NC_|n?gettext|g_d?n?p?gettext\d?|g_dpgettext2) \(\s*(.?)')
DATA = ('*.desktop', '*.metainfo.xml', '*.gschema.xml')
BUILDER = re.compile(r'translatable=["\']yes["\']')


def find_calls(path):
    """Lines that mark words, with True where what they mark is a literal."""
    code = '\n'.join(Source(path, path.read_text()).code)
    for match in CALL.finditer(code):
        line_start = code.rfind('\n', 0, match.start()) + 1
        if not code[line_start:].lstrip().startswith('#define'):
            yield code.count('\n', 0, match.start()) + 1, match[2] == '"'


def has_words(path):
    if path.suffix in ('.c', '.h'):
        return any(True for _ in find_calls(path))
    return path.suffix != '.ui' or BUILDER.search(path.read_text()) is not None


def read_list(path):
    lines = (line.strip() for line in path.read_text().splitlines())
    return [line for line in lines if line and not line.startswith('#')]


def check(root):
    listed = read_list(root / 'po/POTFILES.in')
    ui = [path for pattern in ('*.c', '*.h', '*.ui') for path in (root / 'src/ui').rglob(pattern)]
    data = [path for pattern in DATA for path in (root / 'data').glob(pattern)]
    expected = {path.relative_to(root).as_posix() for path in ui + data if has_words(path)}
    for name in sorted(expected - set(listed)):
        yield f'{name}:1: not in po/POTFILES.in'
    for name in sorted(set(listed) - expected):
        yield f'po/POTFILES.in:{listed.index(name) + 1}: {name} holds no words for people'
    if listed != sorted(set(listed)):
        yield 'po/POTFILES.in:1: the list is not sorted, or names a file twice'
    for path in sorted(path for path in ui if path.suffix != '.ui'):
        for line, is_literal in find_calls(path):
            if not is_literal:
                yield f'{path.relative_to(root)}:{line}: what is translated is no literal'


def main(root):
    wrong = list(check(root))
    print('\n'.join(wrong + [f'{len(wrong)} findings']))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1]).resolve()))
