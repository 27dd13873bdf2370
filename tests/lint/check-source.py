#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the tree to its own rules (CONTRIBUTING.md, "How code looks").

    check-source.py ROOT

Prints `file:line: rule: what is wrong`, and ends with 1 if anything is. A line that must break a
rule says so: /* lint-ok: rule: why */ on it or on the line above. Without clang-format-14 the rest
is checked, and the test counts as skipped.
"""

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from c_source import Source, find_headers

SPDX = 'SPDX-License-Identifier: GPL-3.0-or-later'
FOLDERS = ('src', 'platforms', 'tests', 'data', 'icons', 'po')
CODE = ('src', 'platforms')
FILE_LINES, FUNCTION_LINES, FUNCTION_WARN, NESTING, PARAMETERS = 1000, 120, 60, 4, 8

# name of the call, where it is banned (first folders of the path), what to write instead
EVERYWHERE = ('src', 'platforms', 'tests')
BANNED = [
    (r'v?sprintf', EVERYWHERE, 'g_snprintf() or g_strdup_printf()'),
    (r'str(n?cpy|n?cat)', EVERYWHERE, 'g_strlcpy(), g_strdup() or GString'),
    (r'strtok(_r)?', EVERYWHERE, 'g_strsplit()'),
    (r'ato(i|l|ll|f)', EVERYWHERE, 'g_ascii_string_to_signed()'),
    (r'strto(l|ll|ul|ull|d|f)', EVERYWHERE, 'g_ascii_string_to_signed() or g_ascii_strtod()'),
    (r'g_strtod', EVERYWHERE, 'g_ascii_strtod()'),
    (r'(is(digit|alpha|alnum|space|upper|lower|xdigit|print)|to(upper|lower)|str(n?casecmp))',
     EVERYWHERE, 'the g_ascii_* form: it does not depend on the locale'),
    (r'g_assert', EVERYWHERE, 'g_assert_true() in tests; g_return_* or a GError in src'),
    (r'assert', EVERYWHERE, 'g_assert_true() in tests; g_return_* or a GError in src'),
    (r'g_error', EVERYWHERE, 'a GError; g_error() aborts'),
    (r'g_usleep|u?sleep|nanosleep', EVERYWHERE, 'GanClock in src, a condition in tests'),
    (r'system|popen', EVERYWHERE, 'GSubprocess with an argument vector'),
    (r'g_spawn_\w*sync\w*', EVERYWHERE, 'GSubprocess with a cancellable and a time limit'),
    (r'g_task_run_in_thread(_sync)?', EVERYWHERE, 'a GanPool: GLib shares its threads with all'),
    (r'g_thread_pool_\w+', CODE, 'a GanPool'),
    (r'g_main_context_push_thread_default', CODE, 'blocking code with a cancellable'),
    (r'g_(print|printerr)|v?f?printf|f?puts|putchar', CODE, 'g_debug(), g_warning() or a GError'),
    (r'(g_)?getenv|g_get_environ', CODE, 'GanConfig: service reads the environment, once'),
    (r'g_regex_\w+|GRegex', ('platforms',), 'a template or a field map: a GRegex backtracks'),
]
# where a banned call is at home
AT_HOME = {
    r'g_thread_pool_\w+': ('src/base/gan-pool.c',),
    r'g_(print|printerr)|v?f?printf|f?puts|putchar': ('src/cli/', 'src/ui/gan-application.c'),
    r'(g_)?getenv|g_get_environ': ('src/cli/', 'src/service/'),
}
ANY_BANNED = re.compile(r'(?<![\w.>])(?:%s) \(' % '|'.join(call for call, *_ in BANNED))
BANNED_CALLS = [(re.compile(r'(?<![\w.>])(%s) \(' % call), where, instead, AT_HOME.get(call, ()))
                for call, where, instead in BANNED]

# Spelled so that this file does not find itself.
UNFINISHED = re.compile(r'\b(TO' r'DO|FIX' r'ME|XX' r'X)\b')
MACHINE_PATH = re.compile(r'(?<![\w.:/])/(ho' r'me|ro' r'ot|wo' r'rk|Us' r'ers)/\w')
WAIVER = re.compile(r'lint-ok: ([\w-]+): \S')


class Findings:
    def __init__(self):
        self.failed = 0

    def warn(self, path, line, rule, text):
        print(f'{path}:{line}: {rule}: {text} (a warning)')

    def fail(self, source, line, rule, text):
        lines = source.text.split('\n')
        near = lines[max(line - 2, 0):line]
        if not any(match[1] == rule for match in map(WAIVER.search, near) if match):
            print(f'{source.path}:{line}: {rule}: {text}')
            self.failed += 1


def is_under(source, *folders):
    return source.path.as_posix().startswith(tuple(f.rstrip('/') + '/' for f in folders))


def check_top(source, findings):
    """SPDX in the first line; config.h first, the own header next, in a .c file."""
    lines = source.text.split('\n')
    if lines[0] != f'/* {SPDX} */':
        findings.fail(source, 1, 'spdx', f'the first line is not /* {SPDX} */')
    if len(lines) - 1 > FILE_LINES:
        findings.fail(source, FILE_LINES, 'file-length', f'more than {FILE_LINES} lines')
    includes = [line for line in lines if line.startswith('#include')]
    if source.path.suffix == '.h':
        if '#pragma once' not in lines:
            findings.fail(source, 1, 'pragma-once', 'no #pragma once')
    elif is_under(source, *CODE):
        if includes[:1] != ['#include "config.h"']:
            findings.fail(source, 1, 'config-h', 'config.h is not the first include')
        own = source.path.with_suffix('.h').name
        if f'#include "{own}"' in includes[2:]:
            findings.fail(source, 1, 'own-header', f'{own} does not follow config.h')


def check_lines(source, findings):
    for number in source.has_line_comment:
        findings.fail(source, number, 'line-comment', '// comment; write /* */')
    for number, (line, code) in enumerate(zip(source.text.split('\n'), source.code), 1):
        check_include(source, number, line, findings)
        for call, where, instead, at_home in BANNED_CALLS if ANY_BANNED.search(code) else ():
            match = call.search(code)
            if match and is_under(source, *where) and not any(
                    source.path.as_posix().startswith(home) for home in at_home):
                findings.fail(source, number, 'banned', f'{match[1]}(): use {instead}')
        if re.search(r'\bG_(IS_)?(CANCELLABLE|TASK|ASYNC_RESULT) \(self\)', code):
            findings.fail(source, number, 'guard', 'the guard names the wrong parameter')


def check_include(source, number, line, findings):
    match = re.match(r'#\s*include\s*([<"])([^>"]+)', line)
    if not match:
        return
    quote, name = match.groups()
    if '..' in name or quote == '"' and '/' in name:
        findings.fail(source, number, 'include', 'include a header by its name only')
    if quote == '<' and name.startswith('gan-'):
        findings.fail(source, number, 'include', 'our own headers are included with quotes')
    if name.startswith('libsoup/') and is_under(source, *CODE) and not is_under(source, 'src/net'):
        findings.fail(source, number, 'include', 'libsoup is private to src/net')
    if name.startswith(('gtk/', 'adwaita', 'gdk/')) and not is_under(source, 'src/ui', 'tests'):
        findings.fail(source, number, 'include', 'GTK is known to src/ui only')
    if is_under(source, *CODE) and name in source.internal and not (
            source.root / source.path.parent / name).exists():
        findings.fail(source, number, 'include', 'not a public header: the umbrella leaves it out')


def prefixes_of(source):
    """What a public function of this file may begin with: the file's name, the name of a header
    beside it that the file's name extends (gan-record-json.c serves gan-record.h), or the name of a
    type that such a header declares."""
    stem = source.path.stem.replace('-', '_')
    if is_under(source, 'tests'):
        return {'gan_test_', stem + '_'}
    prefixes = {stem if stem.startswith('gan_') else 'gan_' + stem}
    words = source.path.stem.split('-')
    for end in range(1, len(words) + 1):
        header = source.root / source.path.with_name('-'.join(words[:end]) + '.h')
        if not header.exists():
            continue
        prefixes.add(header.stem.replace('-', '_'))
        for name in re.findall(r'(?:^typedef .*\b|^} |^G_DECLARE_\w+ \()(Gan[A-Z]\w*)',
                               header.read_text(), re.MULTILINE):
            prefixes.add(re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', name).lower())
    return {prefix + '_' for prefix in prefixes}


def check_functions(source, findings):
    prefixes = None
    for function in source.functions:
        def fail(rule, text, function=function):
            findings.fail(source, function.line, rule, f'{function.name}: {text}')

        if function.length > FUNCTION_LINES:
            fail('function-length', f'{function.length} lines, at most {FUNCTION_LINES}')
        elif function.length > FUNCTION_WARN:
            findings.warn(source.path, function.line, 'function-length',
                          f'{function.name}: {function.length} lines')
        if function.nesting > NESTING:
            fail('nesting', f'{function.nesting} deep, at most {NESTING}')
        if len(function.parameters) > PARAMETERS:
            fail('parameters', f'{len(function.parameters)} parameters, at most {PARAMETERS}')
        if not function.static and function.name != 'main':
            prefixes = prefixes or prefixes_of(source)
            if not (function.name + '_').startswith(tuple(prefixes)):
                fail('prefix', 'does not begin with ' + ' or '.join(sorted(prefixes)))
        if function.name.endswith('_finish'):
            result = next((re.split(r'[ *]', p)[-1] for p in function.parameters
                           if p.startswith('GAsyncResult')), None)
            if result and not re.search(rf'\b{result}\b', '\n'.join(function.body)):
                fail('finish', f'does not use {result}')


def check_site(source, findings):
    """A site holds no state: no instance field, no variable that outlives a call."""
    if not is_under(source, 'platforms') or '/tests/' in source.path.as_posix():
        return
    code = '\n'.join(source.code)
    for match in re.finditer(r'\{([^{}]*\bparent_instance;[^{}]*)\}', code):
        if match[1].count(';') > 1:
            findings.fail(source, code.count('\n', 0, match.start()) + 1, 'site-state',
                          'a site has no instance fields: what a call needs is in its GanVisit')
    for number, line in enumerate(source.code, 1):
        variable = re.match(r'\s*static (?!const\b|inline\b)[^()]*(=.*|;)$', line)
        if variable and ' const ' not in line:
            findings.fail(source, number, 'site-state', 'a site has no variables of its own')


def check_text(source, findings):
    for number, line in enumerate(source.text.split('\n'), 1):
        if UNFINISHED.search(line):
            findings.fail(source, number, 'unfinished', UNFINISHED.search(line)[0])
        if MACHINE_PATH.search(line):
            findings.fail(source, number, 'machine-path', MACHINE_PATH.search(line)[0])
        if line != line.rstrip() and source.path.suffix != '.tsv':
            findings.fail(source, number, 'space', 'space at the end of the line')
    if source.path.suffix in ('.py', '.sh') or source.path.name == 'dev':
        if SPDX not in '\n'.join(source.text.split('\n')[:2]):
            findings.fail(source, 1, 'spdx', f'no {SPDX} at the top')


def check_registered(root, sources, findings):
    """A source that no meson.build names is not built, a test that none names never runs."""
    for source in sources:
        folder = source.path.parent
        is_test = folder.parts[:1] == ('tests',) and source.path.name.startswith('test-')
        if source.path.suffix != '.c' and not (is_test and source.path.suffix == '.py'):
            continue
        named = ''
        while folder != Path('.'):
            build = root / folder / 'meson.build'
            named += build.read_text() if build.exists() else ''
            folder = folder.parent
        names = {source.path.name, source.path.stem, source.path.stem.removeprefix('test-')}
        generic = source.path.parts[0] == 'platforms' and source.path.stem == source.path.parts[1]
        if not generic and not any(f"'{name}'" in named for name in names):
            findings.fail(source, 1, 'registered', 'no meson.build names this file')


def check_format(root, sources, findings, formatter):
    def run(some):
        return subprocess.run([formatter, '--dry-run', '-Werror', *(s.path for s in some)],
                              cwd=root, capture_output=True, text=True).stderr
    chunks = [sources[start:start + 50] for start in range(0, len(sources), 50)]
    by_path = {source.path.as_posix(): source for source in sources}
    with ThreadPoolExecutor() as pool:
        output = ''.join(pool.map(run, chunks))
    places = re.findall(r'^(\S+?):(\d+):\d+: error', output, re.MULTILINE)
    for path, line in dict(reversed(places)).items():
        findings.fail(by_path[path], int(line), 'format', f'run {formatter} -i {path}')


class Text:
    """A file that is no C: only check_text() looks at it."""

    def __init__(self, path, text):
        self.path, self.text = path, text


def load(root):
    c_files, texts = [], []
    headers, public = find_headers(root) if (root / 'src').exists() else ({}, {})
    internal = {name for layer in headers for name in set(headers[layer]) - set(public[layer])}
    candidates = [p for folder in FOLDERS for p in sorted((root / folder).rglob('*'))]
    candidates += [p for p in sorted(root.iterdir()) if p.name not in ('COPYING', '.git')]
    for path in candidates:
        if not path.is_file() or '__pycache__' in path.parts:
            continue
        try:
            text = path.read_text(encoding='utf-8')
        except UnicodeDecodeError:
            continue
        relative = path.relative_to(root)
        if path.suffix in ('.c', '.h'):
            source = Source(relative, text)
            source.root, source.internal = root, internal
            c_files.append(source)
            texts.append(source)
        else:
            texts.append(Text(relative, text))
    return c_files, texts


def main(root, formatter):
    findings = Findings()
    c_files, texts = load(root)
    for source in c_files:
        check_top(source, findings)
        check_lines(source, findings)
        check_functions(source, findings)
        check_site(source, findings)
    for source in texts:
        check_text(source, findings)
    check_registered(root, texts, findings)
    if formatter:
        check_format(root, c_files, findings, formatter)
    print(f'{len(texts)} files, {findings.failed} findings')
    return 1 if findings.failed or not texts else 0 if formatter else 77


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1]).resolve(), shutil.which('clang-format-14')))
