#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An include that points upward does not compile: shown with the real flags of every layer.

    layers.py ROOT BUILD

For each layer, with the include flags that compile_commands.json has for it:
1. the preprocessor is asked which of all layers' headers it can find: those of the layer itself and
   of the layers below it, no other, and none by a path;
2. each header of the layer compiles on its own (one that a .c file includes first, after config.h,
   is shown to do so by the build);
3. all public headers that it may see compile together.
libsoup's headers are found by net only, GTK's by ui only.
"""

import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from c_source import find_headers

# What each layer may see, written down once more: src/meson.build is what is tested.
BASE = {'base'}
BELOW = {
    'base': BASE,
    'net': BASE | {'net'},
    'extract': BASE | {'extract'},
    'platform': BASE | {'net', 'extract', 'platform'},
    'engine': BASE | {'net', 'engine'},
    'store': BASE | {'store'},
    'service': BASE | {'net', 'extract', 'platform', 'engine', 'store', 'service'},
    'cli': BASE | {'net', 'extract', 'platform', 'engine', 'store', 'service', 'cli'},
    'ui': BASE | {'net', 'extract', 'platform', 'engine', 'store', 'service', 'ui'},
    'media': BASE | {'media'},
    'platforms': BASE | {'net', 'extract', 'platform'},
}
PRIVATE = {'libsoup/soup.h': {'net'}, 'gtk/gtk.h': {'ui'}, 'adwaita.h': {'ui'}}


def flags_of(command):
    """The flags that decide what an #include finds."""
    words = shlex.split(command['command'])
    compiler = next(word for word in words if 'ccache' not in word)
    kept = [word for word in words if word.startswith(('-I', '-D', '-std=', '-pthread'))]
    kept += [word for flag, path in zip(words, words[1:]) if flag in ('-isystem', '-iquote')
             for word in (flag, path)]
    return compiler, tuple(kept)


def read_commands(root, build):
    """(layer, folder of the source, compiler, flags), each once."""
    found = {}
    for command in json.loads((build / 'compile_commands.json').read_text()):
        path = Path(os.path.normpath(os.path.join(command['directory'], command['file'])))
        if path.suffix != '.c' or not path.is_relative_to(root) or path.is_relative_to(build):
            continue
        parts = path.relative_to(root).parts
        layer = parts[1] if parts[0] == 'src' else parts[0]
        if layer in BELOW and 'tests' not in parts:
            compiler, flags = flags_of(command)
            found[layer, path.parent, flags] = compiler, command['directory']
    return [(*key, *value) for key, value in found.items()]


def compile_text(job, arguments, text):
    _, folder, flags, compiler, directory = job
    return subprocess.run([compiler, '-iquote', str(folder), *flags, *arguments, '-x', 'c', '-'],
                          input=text, text=True, capture_output=True, cwd=directory)


def check_visible(job, headers):
    """The preprocessor's own answer, for all headers in one run."""
    layer = job[0]
    names = {f'"{name}"': home in BELOW[layer] for home, names in headers.items() for name in names}
    names |= {f'"{form}/{name}"': False for home, names in headers.items() for name in names[:1]
              for form in (home, f'src/{home}')}
    names |= {f'<{name}>': layer in homes for name, homes in PRIVATE.items()}
    text = ''.join(f'#if __has_include({name})\nSEES {name}\n#endif\n' for name in names)
    done = compile_text(job, ['-E', '-P'], text)
    if done.returncode != 0:
        return [f'{layer}: {done.stderr}']
    seen = {line.removeprefix('SEES ') for line in done.stdout.splitlines() if 'SEES' in line}
    return [f'{layer} {"sees" if name in seen else "does not see"} {name}'
            for name, expected in names.items() if (name in seen) != expected]


def check_compiles(job, names, what):
    done = compile_text(job, ['-fsyntax-only'], ''.join(f'#include "{name}"\n' for name in names))
    return [] if done.returncode == 0 else [f'{job[0]}: {what} does not compile:\n{done.stderr}']


def is_proved(root, layer, name):
    source = root / 'src' / layer / Path(name).with_suffix('.c')
    text = source.read_text() if source.exists() else ''
    first = [line for line in text.splitlines() if line.startswith('#include')][:2]
    return first == ['#include "config.h"', f'#include "{name}"']


def main(root, build):
    headers, public = find_headers(root)
    jobs = read_commands(root, build)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        work = []
        for job in jobs:
            layer = job[0]
            work.append(pool.submit(check_visible, job, headers))
            together = [name for home in sorted(BELOW[layer])
                        for name in (headers if home == layer else public).get(home, [])]
            work.append(pool.submit(check_compiles, job, together, 'all that it may see'))
        for layer, names in headers.items():
            job = next((job for job in jobs if job[0] == layer), None)
            alone = [name for name in names if not is_proved(root, layer, name)]
            for name in alone if job else []:
                work.append(pool.submit(check_compiles, job, [name], name + ' alone'))
        wrong = [text for done in work for text in done.result()]
    for layer in sorted(set(filter(headers.get, headers)) - {job[0] for job in jobs}):
        wrong.append(f'{layer}: has headers, but nothing that is compiled')
    print('\n'.join(wrong + [f'{len(work)} checks, {len(wrong)} wrong']))
    return 1 if wrong or not work else 0


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
