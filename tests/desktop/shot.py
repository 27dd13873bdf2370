#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every view, narrow and wide, light and dark.

    shot.py BUILD [WIDTH SCHEME]        writes BUILD/shots/VIEW-WIDTH-SCHEME.png

Everything in them is real: the window, its database, downloads from servers on loopback that are
fast, slow or refuse. Each combination is a desktop of its own, prepared with gannet-cli, run by a
process of its own.
"""

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import shot_site  # noqa: E402
from gan_desktop import Desktop, TimeOut, require_tools, wait_for  # noqa: E402

SIZES = {'360': (360, 720), '1200': (1200, 800)}
SCHEMES = ('light', 'dark')
DONE = ('tide', 'dive', 'storm', 'nets', 'chicks', 'dawn')
RUNNING, REFUSED, LATER = ('cliffs', 'lighthouse'), 'fog', 'kelp'
WAITING = ('ferry', 'map')


class Shooter:
    def __init__(self, desktop, shots, suffix):
        self.desktop, self.shots, self.suffix = desktop, shots, suffix
        self.taken = []

    def shoot(self, view):
        """When the picture has come to rest; what runs never does, so for a second at most."""
        path = self.shots / f'{view}-{self.suffix}.png'
        last, end = None, time.monotonic() + 1.5
        while time.monotonic() < end:
            time.sleep(0.3)
            self.desktop.shoot(path)
            now = path.read_bytes()
            if now == last:
                break
            last = now
        self.taken.append(view)
        print(path, flush=True)


def serve(desktop):
    """Both servers; the address of the site."""
    server = desktop.serve_scenarios()
    slow = f'{server}/slow/clip.mp4?size=94371840&rate='
    clips = {'cliffs': slow + '900000', 'lighthouse': slow + '250000&seed=2',
             REFUSED: f'{server}/status/clip.mp4?status=403',
             LATER: f'{server}/s503/clip.mp4?count=99&retry=55'}
    folder = desktop.home / 'site'
    folder.mkdir()
    shot_site.build(folder, desktop.build / 'tests/demo', clips)
    return desktop.serve_folder(folder)


def shoot_empty(desktop, shooter):
    window = desktop.open_window()
    window.fill_screen()
    shooter.shoot('downloads-empty')
    window.activate('show-library')
    shooter.shoot('library-empty')
    window.quit()


def fill(desktop, site):
    def page(name):
        return f'{site}{name}.html'
    for name in DONE:
        desktop.cli('get', '-q', '360p', '-d', desktop.downloads, page(name))
    gone = f'{site}gone.html'
    for link in (gone, page(REFUSED), page(LATER), *map(page, RUNNING), *map(page, WAITING)):
        desktop.cli('queue', 'add', link)


def wait_for_rows(desktop, window):
    """Until everything is in the state that it has come to stay in for a while."""
    def is_settled():
        rows = desktop.query('SELECT title, state, downloaded FROM jobs')
        states = {title: (state, downloaded or 0) for title, state, downloaded in rows}
        running = [states.get(shot_site.TITLES[name], ('', 0)) for name in RUNNING]
        return (all(state == 'running' and done > 2000000 for state, done in running[:1])
                and sum(state == 'failed' for _, state, _ in rows) >= 2)
    try:
        wait_for('the rows', is_settled, 40)
    except TimeOut as error:
        print(f'{error}: {desktop.query("SELECT title, state, error_code FROM jobs")}')


def shoot_full(desktop, shooter, site):
    fill(desktop, site)
    window = desktop.open_window()
    window.fill_screen()
    wait_for_rows(desktop, window)
    shooter.shoot('downloads')
    window.add(f'{site}dawn.html')
    window.wait_for_text(shot_site.TITLES['dawn'])
    shooter.shoot('add')
    window.press('Escape')
    window.activate('show-library')
    window.wait_for_text(shot_site.TITLES['storm'])
    shooter.shoot('library')
    window.press('ctrl+f')
    desktop.xdotool('type', 'albatross')
    shooter.shoot('library-no-hit')
    window.press('Escape')
    window.activate('show-downloads')
    window.activate('preferences')
    shooter.shoot('preferences')
    window.press('Escape')
    window.activate_in_window('show-help-overlay')
    shooter.shoot('shortcuts')
    window.press('Escape')
    window.quit()


def shoot_one(build, width, scheme):
    shots = Path(build) / 'shots'
    shots.mkdir(exist_ok=True)
    with Desktop(build, *SIZES[width], scheme) as desktop:
        shooter = Shooter(desktop, shots, f'{width}-{scheme}')
        shoot_empty(desktop, shooter)
        shoot_full(desktop, shooter, serve(desktop))


def main(build):
    failed = 0
    for width in SIZES:
        for scheme in SCHEMES:
            failed += subprocess.run([sys.executable, __file__, build, width, scheme]).returncode
    return 1 if failed else 0


if __name__ == '__main__':
    require_tools()
    if len(sys.argv) == 4:
        shoot_one(str(Path(sys.argv[1]).resolve()), *sys.argv[2:])
    else:
        sys.exit(main(str(Path(sys.argv[1]).resolve())))
