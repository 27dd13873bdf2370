#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every function of a layer's public headers is there, and has a doc comment where it is.

    check-docs.py ROOT

The comment stands in the .c file, above the definition: a line with slash and two stars, then
` * name:`. It names every parameter as @parameter; what GObject's macros and field tables make
needs none.
"""

import re
import sys
from pathlib import Path

from c_source import Source, find_headers

DECLARED = re.compile(r'^(?!#|typedef|static).*?\b(gan_\w+) \([^;{]*\)[^;{]*;', re.MULTILINE)
COMMENT = re.compile(r'/\*\*\n \* (gan_\w+):\n(.*?)\*/', re.DOTALL)


def find_declared(text):
    code = '\n'.join(Source(Path('header.h'), text).code)
    code = re.sub(r'^#(?:.*\\\n)*.*$', '', code, flags=re.MULTILINE)
    return [name for name in DECLARED.findall(code) if not name.endswith(('_get_type', '_quark'))]


def check_folder(folder, public):
    defined, comments = {}, {}
    for path in sorted(folder.glob('*.c')):
        text = path.read_text()
        for function in Source(path, text).functions:
            if not function.static:
                defined[function.name] = (path, function)
        comments |= dict(COMMENT.findall(text))
    for header in (folder / name for name in public):
        for name in find_declared(header.read_text()):
            if name not in defined:
                yield header, 1, f'{name}() is declared, but not there'
                continue
            path, function = defined[name]
            names = [re.search(r'(\w+)(\[\])?$|\.\.\.$', parameter)
                     for parameter in function.parameters]
            missing = [match[1] for match in names if match and match[1]
                       and not re.search(rf'@{match[1]}\b', comments.get(name, ''))]
            if name not in comments:
                yield path, function.line, f'{name}() has no doc comment'
            elif missing:
                yield path, function.line, f'{name}(): the comment leaves out {missing[0]}'


def main(root):
    _, public = find_headers(root)
    wrong = [f'{path.relative_to(root)}:{line}: {text}' for layer, names in public.items()
             for path, line, text in check_folder(root / 'src' / layer, names)]
    count = sum(map(len, public.values()))
    print('\n'.join(wrong + [f'{count} public headers, {len(wrong)} findings']))
    return 1 if wrong or not count else 0


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1]).resolve()))
