#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-source.py finds what it is there to find, and is silent about a clean tree."""

import contextlib
import importlib
import io
import shutil
import tempfile
from pathlib import Path

from tap import Tap

check_source = importlib.import_module('check-source')
FORMATTER = shutil.which('clang-format-14')
SPDX = '/* SPDX-License-Identifier: GPL-3.0-or-later */\n'
CONFIG = SPDX + '#include "config.h"\n\n'
HEADER = SPDX + '#pragma once\n'


def function(name='gan_thing_go', arguments='void', body='  ;\n', kind='void'):
    return f'{kind}\n{name} ({arguments})\n{{\n{body}}}\n'


def nested(levels):
    opening = ''.join('  ' * i + '  if (x)\n' for i in range(levels))
    return opening + '  ' * levels + '  x = 0;\n'


def source(*functions):
    return CONFIG + '\n'.join(functions)


# rule that must speak, path, content
BAD = [
    ('spdx', 'src/base/gan-thing.h', '#pragma once\n'),
    ('spdx', 'tests/lint/thing.py', 'print()\n'),
    ('pragma-once', 'src/base/gan-thing.h', SPDX),
    ('config-h', 'src/base/gan-thing.c', SPDX + '#include "gan-thing.h"\n'),
    ('own-header', 'src/base/gan-thing.c',
     CONFIG + '#include "gan-other.h"\n#include "gan-thing.h"\n'),
    ('file-length', 'src/base/gan-thing.c', CONFIG + 'int x;\n' * 1000),
    ('function-length', 'src/base/gan-thing.c', source(function(body='  x ();\n' * 121))),
    ('nesting', 'src/base/gan-thing.c', source(function(body=nested(5)))),
    ('parameters', 'src/base/gan-thing.c', source(function(arguments=', '.join('int' * 9)))),
    ('prefix', 'src/base/gan-thing.c', source(function('gan_other_go'))),
    ('prefix', 'platforms/site/site.c', source(function('site_go'))),
    ('prefix', 'tests/lib/gan-test-thing.c', SPDX + function('thing_go')),
    ('finish', 'src/base/gan-thing.c',
     source(function('gan_thing_go_finish', 'int self, GAsyncResult *result', '  return self;\n'))),
    ('line-comment', 'src/base/gan-thing.c', CONFIG + '// a comment\n'),
    ('unfinished', 'src/base/gan-thing.c', CONFIG + '/* TO' 'DO: later */\n'),
    ('unfinished', 'tests/lint/thing.py', f'# {SPDX[3:-4]}\n# FIX' 'ME\n'),
    ('machine-path', 'data/meson.build', "x = '/ho" "me/someone/x'\n"),
    ('space', 'README.md', 'text \n'),
    ('guard', 'src/base/gan-thing.c', CONFIG + 'int x = G_IS_CANCELLABLE (self);\n'),
    ('include', 'src/base/gan-thing.c', CONFIG + '#include "../net/gan-http.h"\n'),
    ('include', 'src/base/gan-thing.c', CONFIG + '#include "net/gan-http.h"\n'),
    ('include', 'src/base/gan-thing.c', CONFIG + '#include <gan-http.h>\n'),
    ('include', 'src/engine/gan-thing.c', CONFIG + '#include <libsoup/soup.h>\n'),
    ('include', 'src/engine/gan-thing.c', CONFIG + '#include <gtk/gtk.h>\n'),
    ('site-state', 'platforms/site/site.c',
     CONFIG + 'struct _GanSite\n{\n  GanPlatform parent_instance;\n  int hits;\n};\n'),
    ('site-state', 'platforms/site/site.c', CONFIG + 'static int hits;\n'),
    ('registered', 'src/base/gan-thing.c', CONFIG),
    ('registered', 'tests/base/test-thing.c', SPDX),
    ('registered', 'tests/base/test-thing.py', f'# {SPDX[3:-4]}\n'),
]
BAD_CALLS = [
    ('src/base', 'sprintf (a, "b")'), ('src/base', 'strcpy (a, b)'), ('src/base', 'strcat (a, b)'),
    ('src/base', 'atoi (a)'), ('src/base', 'strtol (a, b, 10)'), ('src/base', 'isdigit (a)'),
    ('src/base', 'g_error ("a")'), ('src/base', 'g_assert (a)'), ('src/base', 'sleep (1)'),
    ('src/base', 'g_usleep (1)'), ('tests/base', 'g_usleep (1)'), ('src/base', 'system ("a")'),
    ('src/base', 'g_spawn_sync (a)'), ('src/base', 'g_spawn_command_line_sync (a)'),
    ('src/base', 'g_task_run_in_thread (a, b)'), ('tests/base', 'g_task_run_in_thread (a, b)'),
    ('src/base', 'g_thread_pool_new (a)'), ('src/base', 'g_print ("a")'),
    ('src/net', 'g_getenv ("A")'), ('src/net', 'g_main_context_push_thread_default (a)'),
    ('platforms/site', 'g_regex_new (a)'), ('src/base', 'strtod (a, NULL)'),
]
GOOD = {
    'src/base/gan-thing.h': HEADER + 'typedef struct _GanPart GanPart;\nvoid gan_part_go (void);\n',
    'src/base/gan-thing.c': CONFIG[:-1] + '#include "gan-thing.h"\n\n'
    '/* sprintf (), g_error () and "// no comment" in a comment, "system ()" in a string. */\n'
    'static const char *const text = "system () // \\" sprintf ()";\n\n'
    + function('gan_thing_go_finish', 'GAsyncResult *result', '  use (result);\n') + '\n'
    + function('helper', kind='static void', body=nested(4)) + '\n' + function('gan_part_go') + '\n'
    + function('gan_thing_wait', body='  /* lint-ok: banned: shows how a waiver looks. */\n'
               '  sleep (1);\n'),
    'src/base/gan-thing-json.c': source(function('gan_thing_to_json')),
    'src/base/gan-pool.c': source(function('gan_pool_go', body='  g_thread_pool_new (1);\n')),
    'src/cli/gan-say.c': source(function('gan_say', body='  g_print ("a");\n')),
    'src/meson.build': "files('gan-thing.c', 'gan-thing-json.c', 'gan-pool.c', 'gan-say.c')\n",
    'platforms/site/site.c': CONFIG + 'static const int numbers[] = { 1 };\n\n'
    'struct _GanSite\n{\n  GanPlatform parent_instance;\n};\n\n' + function('gan_site_go'),
}


def run(files, formatter=None):
    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = check_source.main(Path(folder), formatter)
        return status, output.getvalue()


def main():
    tap = Tap()
    status, output = run(GOOD)
    tap.check(status == 77, 'a clean tree passes, but for its format', output)
    for rule, path, content in BAD:
        build = {} if rule == 'registered' or '/' not in path else {
            f'{Path(path).parts[0]}/meson.build': f"x = '{Path(path).name}'\n"}
        status, output = run(build | {path: content})
        tap.check(status == 1 and f': {rule}: ' in output, f'{rule}: {path}', output)
    for folder, call in BAD_CALLS:
        name = 'site.c' if folder.startswith('platforms') else 'gan-thing.c'
        status, output = run({f'{folder}/{name}': source(function(body=f'  {call};\n'))})
        tap.check(status == 1 and ': banned: ' in output, f'banned in {folder}: {call}', output)
    inner = {'src/base/gan-base.h': HEADER + '#include "gan-outer.h"\n',
             'src/base/gan-outer.h': HEADER, 'src/base/gan-inner.h': HEADER}
    build = {'src/meson.build': "x = 'gan-use.c'\n"}
    uses = [('base', 'inner', True), ('net', 'outer', True), ('net', 'inner', False)]
    for layer, name, ok in uses:
        use = {f'src/{layer}/gan-use.c': CONFIG + f'#include "gan-{name}.h"\n'}
        status, output = run(inner | build | use)
        tap.check(status == (77 if ok else 1), f'{layer} includes the {name} header of base', output)
    tap.check(run({})[0] == 1, 'an empty tree does not pass')
    if FORMATTER:
        status, output = run({'src/gan-thing.c': CONFIG + 'int  x;\n'}, FORMATTER)
        tap.check(status == 1 and ': format: ' in output, 'format', output)
        style = {'.clang-format': Path(__file__).parents[2].joinpath('.clang-format').read_text()}
        status, output = run(style | {'src/gan-thing.c': source(function()),
                                      'src/meson.build': "files('gan-thing.c')\n"}, FORMATTER)
        tap.check(status == 0, 'a formatted tree passes', output)
    else:
        tap.skip('format', 'clang-format-14 is not installed')
    tap.end()


if __name__ == '__main__':
    main()
