#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""layers.py passes a tree that keeps its layers apart, and fails each way of breaking that."""

import contextlib
import importlib
import io
import json
import tempfile
from pathlib import Path

from tap import Tap

layers = importlib.import_module('layers')

FILES = {
    'src/base/gan-base.h': '#include "gan-low.h"\n',
    'src/base/gan-low.h': '#pragma once\ntypedef int GanLow;\n',
    'src/base/gan-low.c': '#include "gan-low.h"\n',
    'src/net/gan-high.h': '#pragma once\n#include "gan-low.h"\nGanLow gan_high (void);\n',
    'src/net/gan-high.c': '#include "gan-high.h"\n',
    'soup/libsoup/soup.h': '#pragma once\n',
}
FLAGS = {'src/base/gan-low.c': ['src/base'], 'src/net/gan-high.c': ['src/net', 'src/base', 'soup']}


def run(files, flags):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content)
        build = root / 'build'
        build.mkdir()
        commands = [{'directory': str(build), 'file': f'../{source}',
                     'command': ' '.join(['ccache gcc', *(f'-I../{path}' for path in paths), '-c'])}
                    for source, paths in flags.items()]
        (build / 'compile_commands.json').write_text(json.dumps(commands))
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = layers.main(root, build)
        return status, output.getvalue()


def main():
    tap = Tap()

    def expect(name, text, files, flags):
        status, output = run(FILES | files, FLAGS | flags)
        tap.check(status == (1 if text else 0) and text in output, name, output)

    base, net = FLAGS
    expect('layers kept apart', '', {}, {})
    expect('an upward include path', 'base sees "gan-high.h"', {}, {base: ['src/base', 'src/net']})
    expect('the root as include path', 'base sees "src/net/gan-high.h"', {},
           {base: ['src/base', '.']})
    expect('src as include path', 'net sees "base/gan-base.h"', {}, {net: FLAGS[net] + ['src']})
    expect('a missing include path', 'net does not see "gan-low.h"', {}, {net: ['src/net', 'soup']})
    expect('libsoup outside net', 'base sees <libsoup/soup.h>', {}, {base: ['src/base', 'soup']})
    expect('a header that does not stand alone', 'gan-bad.h alone does not compile',
           {'src/net/gan-bad.h': 'GanLow gan_bad (void);\n'}, {})
    expect('a public header that needs a library of the layer itself', 'net: all that',
           {'src/base/gan-low.h': '#pragma once\n#include <base-only.h>\n',
            'base-only/base-only.h': ''}, {base: ['src/base', 'base-only']})
    expect('a header that is not public may need it', '',
           {'src/base/gan-inner.h': '#include <base-only.h>\n', 'base-only/base-only.h': ''},
           {base: ['src/base', 'base-only']})
    expect('a layer that is not compiled', 'engine: has headers',
           {'src/engine/gan-engine.h': '#pragma once\n'}, {})
    expect('a site that sees the engine', 'platforms sees "gan-engine.h"',
           {'src/engine/gan-engine.h': '#pragma once\n', 'src/engine/gan-engine.c': '',
            'platforms/site/site.c': ''},
           {'platforms/site/site.c': ['src/net', 'src/base', 'src/engine'],
            'src/engine/gan-engine.c': ['src/engine']})
    status, output = run(FILES, {})
    tap.check(status == 1, 'nothing to check does not pass', output)
    tap.end()


if __name__ == '__main__':
    main()
