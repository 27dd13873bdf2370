#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ./dev run does where there is a display: the demo's link is offered, and one click gets it.

    demo-window.py BUILD ROOT
"""

import filecmp
import socket
import sys
import traceback
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'lint')]
from gan_desktop import Desktop, Window, require_tools, wait_for  # noqa: E402
from tap import Tap  # noqa: E402

TITLE = 'Rings on a still pond'


def is_served(link):
    address = urllib.parse.urlsplit(link)
    with socket.socket() as client:
        return client.connect_ex((address.hostname, address.port)) == 0


def run(tap, desktop, root):
    window = Window(desktop, command=[root / 'tests/demo/window.sh', desktop.build])
    window.wait_for_text(TITLE)
    tap.check(True, 'the window offers the clip of the demo page by its title')
    window.click('push button', 'Download')
    wait_for('the clip', lambda: desktop.query('SELECT 1 FROM library'))
    rows = desktop.query('SELECT file, title, url, verified FROM library')
    file, title, link, verified = rows[0]
    tap.check(filecmp.cmp(file, desktop.build / 'tests/demo/rings-720p.mp4', shallow=False),
              'every byte of it is right')
    tap.check(len(rows) == 1 and title == TITLE and verified in ('length', 'container'),
              'the library has it with its title, verified', str(rows))
    tap.check(is_served(link), 'the demo site answers while the window is open')
    window.quit()
    tap.check(not is_served(link), 'and ends with it')


def main(build, root):
    tap = Tap()
    with Desktop(build) as desktop:
        try:
            run(tap, desktop, Path(root))
        except AssertionError:
            desktop.shoot(desktop.build / 'meson-logs/desktop-demo.png')
            tap.check(False, 'goes to the end', traceback.format_exc())
    tap.end()


if __name__ == '__main__':
    require_tools()
    main(Path(sys.argv[1]).resolve(), sys.argv[2])
