#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs an optional tool in the root of the tree; a tool that is not installed is a skipped test.

    tool.py ROOT TOOL ARGUMENT…
"""

import shutil
import subprocess
import sys

root, tool, *arguments = sys.argv[1:]
if not shutil.which(tool):
    print(f'{tool} is not installed (./dev lint installs it)')
    sys.exit(77)
sys.exit(subprocess.run([tool, *arguments], cwd=root).returncode)
