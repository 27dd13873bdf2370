#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-docs.py finds functions without doc comment, and nothing else."""

import contextlib
import importlib
import io
import tempfile
from pathlib import Path

from tap import Tap

check_docs = importlib.import_module('check-docs')

HEADER = '''
#define GAN_THING_FIELDS(F) \\
  F (gan_thing_x (1);) \\
  F (b)
G_DECLARE_FINAL_TYPE (GanThing, gan_thing, GAN, THING, GObject)
/* gan_thing_comment (void); */
typedef void (*GanThingFunc) (int a);
int gan_thing_add (int first,
                   const char *second) G_GNUC_WARN_UNUSED_RESULT;
'''
COMMENT = '/**\n * gan_thing_add:\n * @first: a number\n * @second: a text\n *\n * Adds.\n */\n'
CODE = 'int\ngan_thing_add (int first,\n               const char *second)\n{\n  return 0;\n}\n'


def main():
    tap = Tap()

    def expect(name, text, code, header=HEADER):
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder) / 'src/base'
            base.mkdir(parents=True)
            (base / 'gan-base.h').write_text('#include "gan-thing.h"\n')
            (base / 'gan-thing.h').write_text(header)
            (base / 'gan-thing.c').write_text(code)
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                status = check_docs.main(Path(folder))
        tap.check(status == (1 if text else 0) and text in output.getvalue(), name,
                  output.getvalue())

    expect('a function with its comment', '', COMMENT + CODE)
    expect('no comment', 'no doc comment', CODE)
    expect('a comment of another kind', 'no doc comment', COMMENT.replace('/**', '/*') + CODE)
    expect('a parameter left out', 'leaves out second', COMMENT.replace('@second', 'second') + CODE)
    expect('declared, but not there', 'not there', '')
    tap.end()


if __name__ == '__main__':
    main()
