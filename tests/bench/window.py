#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window costs: first frame, steadiness, rest.

    window.py BUILD [--rounds N] [--rest SECONDS]

- First frame, from exec to painted, with a queue of 50 and a library of 2,000, and with nothing,
  against an empty libadwaita window; they take turns.
- Gaps between frames while 8 downloads run and the window paints all the time.
- What the window does in a time of rest (system calls under strace), and what memory it holds.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'desktop'))
import gan_desktop  # noqa: E402
from gan_desktop import wait_for  # noqa: E402

JOBS, FILES, RUNNING, GAP = 50, 2000, 8, 0.05


class Desktop(gan_desktop.Desktop):
    """As people have it, without what makes tests strict and slow."""

    def __init__(self, build):
        super().__init__(build)
        for variable in gan_desktop.STRICT:
            del self.env[variable]


class Frames:
    """The times at which a program painted, as the preloaded probe writes them."""

    def __init__(self, desktop, command, always=False, **env):
        self.path = desktop.home / f'frames-{time.monotonic_ns()}'
        env |= {'LD_PRELOAD': str(desktop.build / 'tests/bench/libgan-frame-probe.so'),
               'GAN_FRAME_FILE': str(self.path)}
        if always:
            env['GAN_FRAME_ALWAYS'] = '1'
        desktop.env |= env
        self.started = time.monotonic()
        self.process = desktop.start(command, stderr=subprocess.DEVNULL)
        for key in env:
            del desktop.env[key]

    def read(self):
        if not self.path.exists():
            return []
        return [int(line) / 1e6 - self.started for line in self.path.read_text().split()]

    def wait_for_first(self):
        return wait_for('a frame', self.read)[0]

    def end(self):
        self.process.terminate()
        self.process.wait(20)


def data_folder(desktop):
    folder = desktop.home / '.local/share/gannet'
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def time_first_frames(build, rounds):
    with Desktop(build) as desktop:
        desktop.run([desktop.build / 'tests/bench/fill-store', data_folder(desktop) / 'gannet.db',
                     JOBS, FILES, 'http://127.0.0.1:9/part-'])
        full, bare = desktop.home / '.local/share', desktop.home / 'empty'
        runs = {'empty libadwaita window': (build / 'tests/bench/empty-window', full),
                'gannet, nothing in it': (desktop.programs['gannet'], bare),
                f'gannet, {JOBS} jobs, {FILES} files': (desktop.programs['gannet'], full)}
        times = {name: [] for name in runs}
        for number in range(rounds + 1):
            for name, (program, folder) in runs.items():
                frames = Frames(desktop, [program], XDG_DATA_HOME=str(folder))
                first = frames.wait_for_first()
                frames.end()
                if number:  # the first round warms the caches
                    times[name].append(first)
    peer = statistics.median(times['empty libadwaita window'])
    for name, values in times.items():
        median = statistics.median(values)
        print(f'first frame  {name:36} {median * 1000:6.0f} ms  {median / peer:4.2f} of the empty '
              f'window  ({min(values) * 1000:.0f} to {max(values) * 1000:.0f})')


def count_gaps(frames):
    times = frames.read()[5:]
    gaps = [after - before for before, after in zip(times, times[1:])]
    return len(gaps), sum(gap > GAP for gap in gaps), max(gaps) * 1000


def watch_frames(build, seconds):
    """The empty window beside it shows what is the machine's fault."""
    with Desktop(build) as desktop:
        server = desktop.serve_scenarios()
        settings = desktop.home / '.config/gannet/settings.ini'
        settings.parent.mkdir()
        settings.write_text('[gannet]\nmax-jobs=uint32 8\n'
                            'max-jobs-per-host=uint32 8\n')
        desktop.cli('queue', 'add', *[f'{server}/slow/{n}.bin?seed={n}&size=90000000&rate=2000000'
                                      for n in range(RUNNING)])
        window = Frames(desktop, [desktop.programs['gannet']], always=True)
        wait_for('the downloads', lambda: len(
            [part for part in desktop.downloads.glob('*.part') if part.stat().st_size]) == RUNNING)
        settle = len(window.read())
        peer = Frames(desktop, [build / 'tests/bench/empty-window'], always=True)
        time.sleep(seconds)
        running = desktop.query('SELECT count(*) FROM jobs WHERE state = ?', 'running')[0][0]
        window.read_all, window.read = window.read, lambda: window.read_all()[settle:]
        for name, frames in (('empty window', peer), ('gannet', window)):
            count, long, worst = count_gaps(frames)
            print(f'steadiness   {name:14} {count} frames in {seconds} s, {long} gaps > 50 ms, '
                  f'the longest {worst:.0f} ms')
        print(f'             while {running} downloads ran')
        window.end()
        peer.end()


def read_memory(process):
    lines = Path(f'/proc/{process.pid}/status').read_text().splitlines()
    values = dict(line.split(':\t', 1) for line in lines if ':\t' in line)
    return ', '.join(f'{key} {int(values[key].split()[0]) // 1024} MB'
                     for key in ('VmRSS', 'RssAnon'))


def watch_rest(build, seconds):
    with Desktop(build) as desktop:
        desktop.run([desktop.build / 'tests/bench/fill-store',
                     data_folder(desktop) / 'gannet.db', JOBS, FILES, 'http://127.0.0.1:9/part-'])
        window = Frames(desktop, [desktop.programs['gannet']])
        window.wait_for_first()
        time.sleep(15)  # opens its database, closes what it no longer needs
        log = desktop.home / 'strace'
        strace = desktop.start(['strace', '-f', '-tt', '-o', log, '-p', window.process.pid],
                               stderr=subprocess.DEVNULL)
        wait_for('strace', lambda: log.exists() and log.stat().st_size)
        time.sleep(2)
        before = len(log.read_text().splitlines())
        time.sleep(seconds)
        lines = log.read_text().splitlines()[before:]
        strace.terminate()
        strace.wait()
        print(f'rest         {len(lines)} lines of strace in {seconds} s; {read_memory(window.process)}')
        print('\n'.join(lines[:20]))
        window.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('build', type=lambda text: Path(text).resolve())
    parser.add_argument('--rounds', type=int, default=7)
    parser.add_argument('--rest', type=int, default=60)
    parser.add_argument('--only', choices=['first', 'frames', 'rest'])
    options = parser.parse_args()
    print(f'load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors')
    if options.only in (None, 'first'):
        time_first_frames(options.build, options.rounds)
    if options.only in (None, 'frames'):
        watch_frames(options.build, 30)
    if options.only in (None, 'rest'):
        watch_rest(options.build, options.rest)


if __name__ == '__main__':
    main()
