#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One queue, three who want something of it.

    owners.py BUILD

A headless owner runs the queue; the window opens and takes it over, while others add to it from the
terminal; the window quits and gives it back. Each link is downloaded once and none is lost.
"""

import hashlib
import signal
import subprocess
import sys
import traceback
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'lint')]
from gan_desktop import Desktop, require_tools, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

EARLY, PROCESSES, EACH, FROM_WINDOW = 4, 4, 3, 6


class Links:
    def __init__(self, server):
        self.server = server
        self.all = []

    def make(self, count):
        first = len(self.all)
        new = [f'{self.server}/slow/job-{number:02}.bin?seed={number + 1}&size=1200000&rate=300000'
               for number in range(first, first + count)]
        self.all += new
        return new


def find_lock_holder(desktop):
    """Process that holds flock on queue.lock, as the kernel knows it; None if nobody does."""
    lock = desktop.home / '.local/share/gannet/queue.lock'
    if not lock.exists():
        return None
    inode = str(lock.stat().st_ino)
    for line in Path('/proc/locks').read_text().splitlines():
        words = line.split()
        if words[1] == 'FLOCK' and words[5].split(':')[-1] == inode:
            return int(words[4])
    return None


def wait_for_owner(desktop, pid, what):
    wait_for(what, lambda: find_lock_holder(desktop) == pid, 30)


def is_downloading(desktop):
    return any(part.stat().st_size > 0 for part in desktop.downloads.glob('*.part'))


def add_at_once(desktop, window, links):
    """From several terminals and from the window, while it runs."""
    adders = [desktop.start([desktop.programs['gannet-cli'], 'queue', 'add', *links.make(EACH)],
                            stdout=subprocess.DEVNULL) for _ in range(PROCESSES)]
    window.download(*links.make(FROM_WINDOW))
    return [adder.wait(60) for adder in adders]


def find_known(desktop):
    both = 'SELECT url FROM jobs UNION ALL SELECT url FROM library'
    return sorted(url for url, in desktop.query(both))


def check_end(tap, desktop, links):
    urls = sorted(url for url, in desktop.query('SELECT url FROM library'))
    tap.check(urls == sorted(links.all), 'each link is in the library once',
              str(set(links.all) ^ set(urls)))
    wrong = []
    for url in links.all:
        name = url.split('/')[-1].split('?')[0]
        at_once = url.replace('/slow/', '/file/').replace('&rate', '&was')
        with urllib.request.urlopen(at_once) as answer:
            expected = hashlib.sha256(answer.read()).hexdigest()
        path = desktop.downloads / name
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            wrong.append(name)
    tap.check(not wrong, 'each file has the SHA-256 of the original', ' '.join(wrong))
    tap.check(len(list(desktop.downloads.iterdir())) == len(links.all), 'no file is there twice',
              str(sorted(path.name for path in desktop.downloads.iterdir())))


def run(tap, desktop):
    links = Links(desktop.serve_scenarios())
    headless = desktop.start([desktop.programs['gannet-cli'], 'queue', 'run', '--stay'],
                             stdout=subprocess.DEVNULL)
    wait_for_owner(desktop, headless.pid, 'the headless owner')
    desktop.cli('queue', 'add', *links.make(EARLY))
    wait_for('the headless owner to download', lambda: is_downloading(desktop))
    tap.check(True, 'a headless owner runs what others add')

    window = desktop.open_window()
    wait_for_owner(desktop, window.pid, 'the window to take over')
    tap.check(headless.poll() is None, 'the window takes over, and the headless owner waits')
    statuses = add_at_once(desktop, window, links)
    tap.check(not any(statuses), 'others add meanwhile', str(statuses))
    wait_for('the window to download', lambda: is_downloading(desktop))
    wait_for('all that was added', lambda: find_known(desktop) == sorted(links.all))
    tap.check(True, 'nothing that was added at once is lost or there twice')

    window.quit()
    wait_for_owner(desktop, headless.pid, 'the headless owner to take over again')
    tap.check(True, 'the window gives the queue back')
    wait_for('all files', lambda: len(desktop.query('SELECT 1 FROM library')) == len(links.all), 120)
    headless.send_signal(signal.SIGTERM)
    status = headless.wait(20)
    tap.check(status in (0, 130), 'the headless owner ends in good order', str(status))
    check_end(tap, desktop, links)


def main(build):
    tap = Tap()
    with Desktop(build) as desktop:
        try:
            run(tap, desktop)
        except AssertionError:
            tap.check(False, 'goes to the end', traceback.format_exc())
    tap.end()


if __name__ == '__main__':
    require_tools()
    main(Path(sys.argv[1]).resolve())
