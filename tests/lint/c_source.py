# SPDX-License-Identifier: GPL-3.0-or-later
"""A C file as the linters see it: the code without comments and literals, and its functions.

No parser: clang-format has already put every definition in one shape (return type on a line of its
own, name and both braces of the body in column 0), and check-source.py holds the tree to that.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

# The umbrella header of a layer, where it is not gan-<layer>.h.
_UMBRELLA = {'platform': 'gan-platform-sdk.h'}
_TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
_DEFINITION = re.compile(r'^([A-Za-z_]\w*) \(')
_CONTROL = re.compile(r'^( *)(?:\}? ?else )?(if|for|while|switch|do|else)\b')


def find_headers(root):
    """By layer: its headers, and those of them that are its public face, which is what its umbrella
    header includes. The others are for the layer's own folder and for tests."""
    headers, public = {}, {}
    for folder in sorted(path for path in (root / 'src').iterdir() if path.is_dir()):
        names = sorted(path.name for path in folder.rglob('*.h'))
        umbrella = folder / _UMBRELLA.get(folder.name, f'gan-{folder.name}.h')
        text = umbrella.read_text() if umbrella.exists() else ''
        headers[folder.name] = names
        public[folder.name] = [name for name in names if f'#include "{name}"' in text
                               or name == umbrella.name]
    return headers, public


@dataclass
class Function:
    name: str
    line: int  # of the name, from 1
    static: bool
    parameters: list[str]
    body: list[str]  # lines between the braces, comments and literals blanked

    @property
    def length(self) -> int:
        return len(self.body)

    @property
    def nesting(self) -> int:
        """How deep control statements stand in one another, with or without braces."""
        deepest, open_at = 0, []
        for line in self.body:
            match = _CONTROL.match(line)
            if not match or line.lstrip().startswith('while') and line.rstrip().endswith(');'):
                continue
            indent = len(match[1])
            while open_at and open_at[-1] >= indent:
                open_at.pop()
            open_at.append(indent)
            deepest = max(deepest, len(open_at))
        return deepest


@dataclass
class Source:
    path: Path  # relative to the root of the tree
    text: str
    code: list[str] = field(init=False)  # lines, comments and literals blanked
    has_line_comment: list[int] = field(init=False)
    functions: list[Function] = field(init=False)

    def __post_init__(self):
        self.has_line_comment = []
        self.code = _TOKEN.sub(self._blank, self.text).split('\n')
        self.functions = list(self._find_functions())

    def _blank(self, match: re.Match) -> str:
        token = match[0]
        if token.startswith('//'):
            self.has_line_comment.append(self.text.count('\n', 0, match.start()) + 1)
        if token[0] in '"\'':
            return token[0] + ' ' * (len(token) - 2) + token[0]
        return re.sub(r'[^\n]', ' ', token)

    def _find_functions(self):
        for number, line in enumerate(self.code):
            if line != '{':
                continue
            head = number - 1
            while head > 0 and self.code[head].startswith(' '):
                head -= 1
            name = _DEFINITION.match(self.code[head])
            if not name or not re.match(r'[a-zA-Z]', self.code[head - 1]):
                continue
            end = next(i for i, text in enumerate(self.code[number:] + ['}'], number)
                       if text.startswith('}'))
            yield Function(name[1], head + 1,
                           re.search(r'\bstatic\b', self.code[head - 1]) is not None,
                           _parameters(' '.join(self.code[head:number])),
                           self.code[number + 1:end])


def _parameters(signature: str) -> list[str]:
    inside = signature[signature.index('(') + 1:signature.rindex(')')]
    found, depth, current = [], 0, ''
    for char in inside:
        depth += (char == '(') - (char == ')')
        if char == ',' and depth == 0:
            found.append(current.strip())
            current = ''
        else:
            current += char
    found.append(current.strip())
    return [] if found in (['void'], ['']) else found
