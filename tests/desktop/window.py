#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A day with the window, as somebody at the screen has it.

    window.py BUILD

Paste a link, drop twenty, let them come in; quit in the middle, come back, be killed in the middle,
come back. In the end every file has the bytes that the server has, is in the library once, and what
failed says why in plain words.
"""

import hashlib
import sys
import traceback
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'lint')]
from gan_desktop import Desktop, require_tools, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

DROPPED = 20
GONE = 'There is nothing at this link'


class Links:
    """Files on a server that is slow enough for things to happen in the middle."""

    def __init__(self, server):
        self.server = server
        self.names = [f'file-{number:02}.bin' for number in range(DROPPED + 1)]

    def query(self, name):
        number = self.names.index(name)
        return f'{name}?seed={number + 1}&size={900000 + 50000 * number}'

    def slow(self, name):
        return f'{self.server}/slow/{self.query(name)}&rate=450000'

    def ask_hash(self, name):
        with urllib.request.urlopen(f'{self.server}/file/{self.query(name)}') as answer:
            return hashlib.sha256(answer.read()).hexdigest()


def count_library(desktop):
    return desktop.query('SELECT count(*) FROM library')[0][0]


def count_states(desktop):
    return dict(desktop.query('SELECT state, count(*) FROM jobs GROUP BY state'))


def is_half_way(desktop):
    """Some are done, and one is being written: the middle."""
    return (desktop.query('SELECT 1 FROM jobs WHERE state = ?', 'running')
            and any(part.stat().st_size for part in desktop.downloads.glob('*.part')))


def wait_for_more(desktop, files):
    start = count_library(desktop)
    wait_for(f'{files} more files', lambda: count_library(desktop) >= start + files, 90)
    wait_for('the middle of a download', lambda: is_half_way(desktop))


def find_lost(desktop, links):
    """Names of which there is neither a job nor a file in the library, or more than one of them."""
    known = ([url for url, in desktop.query('SELECT url FROM jobs')]
             + [url for url, in desktop.query('SELECT url FROM library')])
    return [name for name in links.names if known.count(links.slow(name)) != 1]


def check_rows(tap, desktop, links, when):
    problems = desktop.query('PRAGMA quick_check')
    tap.check(problems == [('ok',)], f'the database is sound {when}', str(problems))
    lost = find_lost(desktop, links)
    tap.check(not lost, f'no link is lost or there twice {when}', ' '.join(lost))


def paste(tap, desktop, window, links):
    desktop.copy(links.slow(links.names[0]))
    window.press('ctrl+v')
    window.wait_for_text(links.names[0])
    window.click('push button', 'Download')
    wait_for('the pasted link in the queue', lambda: desktop.query('SELECT 1 FROM jobs'))
    tap.check(True, 'a pasted link is offered and goes into the queue')


def drop(tap, desktop, window, links):
    uris = ''.join(f'{links.slow(name)}\r\n' for name in links.names[1:])
    desktop.drop('text/uri-list', uris, desktop.width // 2, desktop.height // 2)
    window.wait_for_text(links.names[1])
    window.click('push button', f'Download {DROPPED}')
    wait_for('the dropped links in the queue', lambda: not find_lost(desktop, links))
    tap.check(True, f'{DROPPED} dropped links go into the queue')


def fail(tap, desktop, window, links):
    window.download(f'{links.server}/status/gone.bin?status=404')
    window.wait_for_text(GONE, 60)
    tap.check(True, 'a link that leads nowhere says so in plain words')
    rows = desktop.query('SELECT error_code FROM jobs WHERE state = ?', 'failed')
    tap.check(rows == [('not-found',)], 'its row says why', str(rows))


def restart(tap, desktop, window, links):
    wait_for_more(desktop, 3)
    window.quit()
    states = count_states(desktop)
    tap.check(not set(states) - {'waiting', 'failed', 'paused'}, 'after quitting nothing runs',
              str(states))
    check_rows(tap, desktop, links, 'after quitting')
    window = desktop.open_window()
    wait_for_more(desktop, 3)
    window.kill()
    check_rows(tap, desktop, links, 'after kill -9')
    return desktop.open_window()


def check_files(tap, desktop, links):
    wrong = []
    for name in links.names:
        path = desktop.downloads / name
        if not path.exists():
            wrong.append(f'{name} is not there')
        elif hashlib.sha256(path.read_bytes()).hexdigest() != links.ask_hash(name):
            wrong.append(f'{name} has other bytes')
    tap.check(not wrong, f'all {len(links.names)} files have the SHA-256 of the original',
              '\n'.join(wrong))
    others = {path.name for path in desktop.downloads.iterdir()} - set(links.names)
    tap.check(not others, 'and nothing else lies beside them', str(others))


def finish(tap, desktop, window, links):
    total = len(links.names)
    wait_for('all files', lambda: count_library(desktop) == total, 150)
    check_files(tap, desktop, links)
    check_rows(tap, desktop, links, 'in the end')
    window.wait_for_text(GONE)
    tap.check(True, 'the words of the error are there again after two restarts')
    window.activate('show-library')
    window.wait_for_text(links.names[-1])
    tap.check(True, 'the library shows the files')
    window.press('ctrl+f')
    desktop.xdotool('type', 'albatross')
    window.wait_for_text('Nothing Found')
    window.resize(360, 720)
    window.resize(1200, 800)
    tap.check(True, 'the window can be narrowed while nothing is found')
    window.quit()
    tap.check(not window.read_log(), 'nothing was written to stderr', window.read_log())


def main(build):
    tap = Tap()
    with Desktop(build) as desktop:
        links = Links(desktop.serve_scenarios())
        window = desktop.open_window()
        try:
            paste(tap, desktop, window, links)
            fail(tap, desktop, window, links)
            drop(tap, desktop, window, links)
            window = restart(tap, desktop, window, links)
            finish(tap, desktop, window, links)
        except AssertionError:
            desktop.shoot(desktop.build / 'meson-logs/desktop-window.png')
            tap.check(False, 'goes to the end', traceback.format_exc())
    tap.end()


if __name__ == '__main__':
    require_tools()
    main(Path(sys.argv[1]).resolve())
