#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times gannet-cli against curl, wget and aria2 on one machine, in one run.

    bench.py GANNET_CLI [--mib N] [--rounds N]

A real nginx on loopback serves one file over http and https. The programs take turns, so that what
else the machine does hits all of them; printed are medians, and ratios to curl. Seconds depend on
the machine: the ratios are what counts. Then: start-up, and recognising links.
"""

import argparse
import os
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NGINX = '''
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; sendfile on; default_type application/octet-stream;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{http}; root {folder}/site; }}
  server {{
    listen 127.0.0.1:{https} ssl; root {folder}/site;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
  }}
}}
'''
RUN_SECONDS = 120
LINKS = 100000


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def make_certificate(folder):
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                    'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
                    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
                    '-keyout', folder / 'server.key', '-out', folder / 'server.pem'],
                   check=True, stderr=subprocess.DEVNULL)


def make_file(path, mib):
    block = os.urandom(1024 * 1024)
    with path.open('wb') as file:
        for number in range(mib):
            file.write(number.to_bytes(8, 'little') + block[8:])


class Server:
    """nginx, ready when both its ports answer."""

    def __init__(self, folder):
        self.folder, self.ports = folder, (free_port(), free_port())

    def __enter__(self):
        config = self.folder / 'nginx.conf'
        config.write_text(NGINX.format(folder=self.folder, http=self.ports[0], https=self.ports[1]))
        nginx = shutil.which('nginx', path=os.environ['PATH'] + ':/usr/sbin')
        self.process = subprocess.Popen([nginx, '-c', config, '-e', self.folder / 'error.log'])
        end = time.monotonic() + 10
        for port in self.ports:
            while socket.socket().connect_ex(('127.0.0.1', port)) != 0:
                if time.monotonic() > end or self.process.poll() is not None:
                    sys.exit(f'nginx does not answer: {(self.folder / "error.log").read_text()}')
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def read_peak(pid):
    """The largest memory so far, in MB; 0 when the process has no memory any more. (What wait4()
    says counts the memory of this program in as well: a child begins as a copy of it.)"""
    lines = Path(f'/proc/{pid}/status').read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith('VmHWM')), 0)


def measure(command, stdin=None):
    """Wall and CPU seconds and the largest memory in MB of one run, which has to succeed."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.DEVNULL)
    handle = os.pidfd_open(process.pid)
    ended = select.poll()
    ended.register(handle, select.POLLIN)
    peak = 0
    while not ended.poll(20):
        peak = max(peak, read_peak(process.pid))
        if time.monotonic() > start + RUN_SECONDS:
            process.kill()
    os.close(handle)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f'{command} ended with {process.returncode}')
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, peak


def downloaders(cli, authority):
    """By name: (folder, URL) to the command that downloads URL to FOLDER/out, one connection."""
    return {
        'gannet-cli': lambda folder, url: [
            cli, 'get', '--no-config', '--ca-file', authority, '-d', folder, '-o', 'out', url],
        'curl': lambda folder, url: [
            'curl', '-sS', '--cacert', authority, '-o', folder / 'out', url],
        'wget': lambda folder, url: [
            'wget', '-q', '--ca-certificate', authority, '-O', folder / 'out', url],
        'aria2c': lambda folder, url: [
            'aria2c', '-q', '-x1', '--file-allocation=none', '--ca-certificate', authority,
            '-d', folder, '-o', 'out', url],
    }


def compare(title, rounds, runs):
    """runs: name to a function that does one run and gives what measure() gives."""
    results = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            results[name].append(run())
    medians = {name: [statistics.median(column) for column in zip(*rows)]
               for name, rows in results.items()}
    print(f'\n{title}, medians of {rounds}')
    print(f'{"":12}{"wall s":>9}{"cpu s":>9}{"MB":>7}   {"wall":>6}{"cpu":>7}  of curl')
    for name, (wall, cpu, memory) in medians.items():
        print(f'{name:12}{wall:9.3f}{cpu:9.3f}{memory:7.1f}   '
              f'{wall / medians["curl"][0]:6.2f}{cpu / medians["curl"][1]:7.2f}', flush=True)


def bench_files(cli, folder, server, options):
    authority, out = folder / 'server.pem', folder / 'out'

    def run(make, url):
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        result = measure(make(out, url))
        if (out / 'out').stat().st_size != options.mib * 1024 * 1024:
            sys.exit(f'{make(out, url)[0]} did not download all of {url}')
        return result

    for scheme, port in zip(('http', 'https'), server.ports):
        url = f'{scheme}://localhost:{port}/file.bin'
        compare(f'{options.mib} MiB over {scheme}, to a file', options.rounds,
                {name: lambda make=make, url=url: run(make, url)
                 for name, make in downloaders(cli, authority).items()})


def bench_links(cli, folder, rounds):
    links = folder / 'links'
    links.write_text(''.join(f'https://x.com/someone/status/{10**17 + number}\n'
                             f'https://t.me/channel/{number}\n' for number in range(LINKS // 2)))
    walls = []
    for _ in range(rounds):
        with links.open() as lines:
            walls.append(measure([cli, 'detect', '--no-config', '-'], lines)[0])
    wall = statistics.median(walls)
    print(f'\n{LINKS} links recognised: {wall:.3f} s, {wall / LINKS * 1e6:.2f} µs each')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('cli')
    parser.add_argument('--mib', type=int, default=512)
    parser.add_argument('--rounds', type=int, default=5)
    options = parser.parse_args()
    cli = Path(options.cli).resolve()
    with tempfile.TemporaryDirectory(dir=cli.parent) as name:
        folder = Path(name)
        (folder / 'site').mkdir()
        make_certificate(folder)
        make_file(folder / 'site/file.bin', options.mib)
        folder.chmod(0o755)
        with Server(folder) as server:
            bench_files(cli, folder, server, options)
        compare('start and end (--version)', 4 * options.rounds,
                {name: lambda program=program: measure([program, '--version'])
                 for name, program in {'gannet-cli': cli, 'curl': 'curl', 'wget': 'wget',
                                       'aria2c': 'aria2c'}.items()})
        bench_links(cli, folder, options.rounds)


if __name__ == '__main__':
    main()
