#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends with 0 if a window could open: somebody answers where WAYLAND_DISPLAY or DISPLAY points."""

import os
import re
import socket
import sys


def find_addresses(environment):
    """What to connect to, in the order in which GTK would."""
    wayland = environment.get('WAYLAND_DISPLAY')
    if wayland:
        yield socket.AF_UNIX, os.path.join(environment.get('XDG_RUNTIME_DIR', '/'), wayland)
    display = re.fullmatch(r'(?:unix|([^:/]*)):(\d{1,4})(\.\d+)?', environment.get('DISPLAY', ''))
    if display and display[1]:
        yield socket.AF_INET, (display[1], 6000 + int(display[2]))
    elif display:
        yield socket.AF_UNIX, f'\0/tmp/.X11-unix/X{display[2]}'
        yield socket.AF_UNIX, f'/tmp/.X11-unix/X{display[2]}'


def answers(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        try:
            client.connect(address)
        except OSError:
            return False
    return True


if __name__ == '__main__':
    sys.exit(0 if any(answers(*where) for where in find_addresses(os.environ)) else 1)
