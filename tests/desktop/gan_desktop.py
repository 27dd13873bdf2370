# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop for one test: a screen, a session bus, a home, and a person's hands and eyes.

Nothing of it is simulated: the screen is Xvfb without a window manager, what is on it is read
through the accessibility bus, and done with mouse, keyboard, clipboard and the actions that an
application exports. Needs the Python that has gi (on Debian /usr/bin/python3).
"""

import contextlib
import ctypes
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What makes faults of the programs fatal is for them; libatspi in this process has some of its own.
STRICT = {'G_DEBUG': 'fatal-warnings', 'MALLOC_CHECK_': '2', 'MALLOC_PERTURB_': '91'}
if STRICT.keys() & os.environ.keys():
    for variable in STRICT:
        os.environ.pop(variable, None)
    os.execv(sys.executable, [sys.executable, *sys.argv])
try:
    import gi
    gi.require_version('Atspi', '2.0')
    from gi.repository import Atspi, Gio, GLib
except (ImportError, ValueError) as error:
    print(f'1..0 # SKIP {error}')
    sys.exit(77)

LIBC, PR_SET_PDEATHSIG = ctypes.CDLL(None), 1
APP_ID = 'io.github.gannet_app.Gannet'
APP_PATH = '/' + APP_ID.replace('.', '/')
TOOLS = ('Xvfb', 'dbus-daemon', 'xdotool', 'xclip', 'import')
# What would lead a program out of the test's home, or change what it looks like.
FOREIGN = ('DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'GSETTINGS_BACKEND',
           'GTK_THEME', 'AT_SPI_BUS_ADDRESS', 'XAUTHORITY', 'GTK_A11Y', 'GDK_SCALE')
# GTK draws a frame of its own around a window where no compositor draws a shadow.
BORDER = 5
# What at-spi calls otherwise since Debian 12.
OLDER_ROLES = {'button': 'push button'}
PATIENCE = float(os.environ.get('GAN_TEST_PATIENCE', 30))


def end_with_parent():
    """In a child: the kernel kills it when whoever started it is gone, however that came about."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class TimeOut(AssertionError):
    pass


def wait_for(what, condition, seconds=PATIENCE):
    """Asks condition() until it gives something true, which is returned."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TimeOut(f'waited {seconds:.0f} s for {what}')
        time.sleep(0.05)


class Desktop(contextlib.ExitStack):
    """with Desktop(build) as desktop: everything it started ends with it."""

    def __init__(self, build, width=1280, height=1024, scheme='light', home=None):
        super().__init__()
        self.build, self.width, self.height = Path(build), width, height
        self.programs = {'gannet': self.build / 'src/ui/gannet',
                         'gannet-cli': self.build / 'src/cli/gannet-cli'}
        self.home = Path(home or self.enter_context(
            tempfile.TemporaryDirectory(prefix='gan-desktop-', ignore_cleanup_errors=True)))
        self.downloads = self.home / 'Downloads'
        self.env = {key: value for key, value in os.environ.items()
                    if key not in FOREIGN and not key.startswith(('XDG_', 'GANNET_'))}
        self.env |= {'HOME': str(self.home), 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC',
                     'XDG_RUNTIME_DIR': str(self.home / 'run'), 'GDK_BACKEND': 'x11',
                     'GSK_RENDERER': 'cairo', 'NO_AT_BRIDGE': '0', 'GTK_USE_PORTAL': '0',
                     'ADW_DEBUG_COLOR_SCHEME': f'prefer-{scheme}', 'GIO_USE_VFS': 'local',
                     'SOUP_FORCE_HTTP1': '1', **STRICT}
        for folder in ('run', 'Downloads', '.config', '.cache', '.local/share'):
            (self.home / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.home / '.config/gtk-4.0').mkdir(exist_ok=True)
        (self.home / '.config/gtk-4.0/settings.ini').write_text(
            '[Settings]\ngtk-font-name=Cantarell 11\n')
        (self.home / '.config/user-dirs.dirs').write_text('XDG_DOWNLOAD_DIR="$HOME/Downloads"\n')

    def __enter__(self):
        super().__enter__()
        # Who is told to end takes along what it started.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        self._start_screen()
        self._start_bus()
        return self

    def _start_screen(self):
        """Xvfb finds a free number by itself and says which."""
        ours, theirs = os.pipe()
        screen = ['Xvfb', '-displayfd', str(theirs), '-nolisten', 'tcp', '-noreset', '-dpi', '96',
                  '-screen', '0',
                  f'{self.width + 2 * BORDER}x{self.height + 2 * BORDER}x24']
        self.start(screen, pass_fds=[theirs], stderr=subprocess.DEVNULL)
        os.close(theirs)
        with os.fdopen(ours) as pipe:
            self.env['DISPLAY'] = ':' + pipe.readline().strip()
        os.environ['DISPLAY'] = self.env['DISPLAY']

    def _start_bus(self):
        bus = self.start(['dbus-daemon', '--session', '--nofork', '--print-address=1'],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        address = bus.stdout.readline().decode().strip()
        self.env['DBUS_SESSION_BUS_ADDRESS'] = address
        os.environ['DBUS_SESSION_BUS_ADDRESS'] = address
        flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                 | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.bus.set_exit_on_close(False)

    # Programs

    def start(self, command, **options):
        """Starts a program that is ended with the desktop."""
        process = subprocess.Popen([str(word) for word in command], env=self.env, cwd=self.home,
                                   preexec_fn=end_with_parent, **options)
        self.callback(self._end, process)
        return process

    @staticmethod
    def _end(process):
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def run(self, command, **options):
        """Runs a program to its end; what it wrote to stdout."""
        done = subprocess.run([str(word) for word in command], env=self.env, cwd=self.home,
                              stdout=subprocess.PIPE, text=True, timeout=120, **options)
        if done.returncode:
            raise AssertionError(f'{command[0]} ended with {done.returncode}: {done.stdout}')
        return done.stdout

    def cli(self, *arguments):
        return self.run([self.programs['gannet-cli'], *arguments])

    def query(self, sql, *values):
        """Rows of the queue's and the library's database, as stored; none before there is one."""
        path = self.home / '.local/share/gannet/gannet.db'
        if not path.exists():
            return []
        with contextlib.closing(sqlite3.connect(f'file:{path}?mode=ro', uri=True)) as database:
            return database.execute(sql, values).fetchall()

    def serve(self, command, **options):
        """Starts a server that says its address on its first line."""
        server = self.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        return server.stdout.readline().decode().strip()

    def serve_scenarios(self):
        return self.serve([self.build / 'tests/lib/gan-test-serverd'])

    def serve_folder(self, folder):
        return self.serve([self.build / 'tests/demo/gan-demo-server', folder])

    def open_window(self, *links):
        return Window(self, *links)

    # Hands and eyes

    def xdotool(self, *words):
        return self.run(['xdotool', *words])

    def copy(self, text):
        """To the clipboard; xclip stays to hand it out."""
        xclip = self.start(['xclip', '-selection', 'clipboard', '-in', '-quiet', '-loops', '0'],
                           stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        xclip.stdin.write(text.encode())
        xclip.stdin.close()
        ask = ['xclip', '-selection', 'clipboard', '-out', '-target', 'UTF8_STRING']
        wait_for('the clipboard', lambda: subprocess.run(
            ask, env=self.env, capture_output=True, text=True).stdout == text)

    def find_window(self, pid):
        """The window of a process that is on the screen, or None."""
        return next(iter(self.find_windows(pid)), None)

    def find_windows(self, pid):
        return subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(pid)],
                              env=self.env, capture_output=True, text=True).stdout.split()

    def drop(self, kind, text, x, y):
        """Drags text, offered as of this kind, from the right edge of the screen to a point."""
        said = self.home / 'drag-source.out'
        with said.open('wb') as output:
            source = self.start([self.build / 'tests/desktop/gan-drag-source', kind, text],
                                stdout=output)
        window = wait_for('something to drag', lambda: self.find_window(source.pid))
        left = self.width - 110
        self.xdotool('windowmove', '--sync', window, str(left), '10')
        self.xdotool('windowraise', window, 'mousemove', '--sync', str(left + 50), '60')
        self.xdotool('mousedown', '1')
        for step in range(1, 21):
            self.xdotool('mousemove', '--sync', str(left + 50 + (x - left - 50) * step // 20),
                         str(60 + (y - 60) * step // 20))
        wait_for('a window that takes it', lambda: said.read_text().endswith('taken\n'))
        self.xdotool('mouseup', '1')
        return source

    def shoot(self, path, width=None, height=None):
        """What is in the upper left of the screen, as a PNG, without the frame of the window."""
        self.run(['import', '-silent', '-window', 'root', '-crop',
                  f'{width or self.width}x{height or self.height}+{BORDER}+{BORDER}', '+repage',
                  path])


class Window:
    """One run of gannet; by default started as a program with links as arguments."""

    def __init__(self, desktop, *links, command=None):
        self.desktop = desktop
        self.log = tempfile.TemporaryFile()
        desktop.callback(self.log.close)
        self.process = desktop.start(command or [desktop.programs['gannet'], *links],
                                     stderr=self.log)
        self.pid = wait_for('gannet on the bus', self._find_pid, 60)
        self.id = wait_for('the window', self._find, 60)
        desktop.xdotool('windowfocus', self.id)

    def _check_alive(self):
        if self.process.poll() is not None:
            raise AssertionError(f'gannet ended with {self.process.returncode}: {self.read_log()}')

    def _find_pid(self):
        """Of the process that has the application's name, which a script may have started."""
        self._check_alive()
        with contextlib.suppress(GLib.Error):
            return self.desktop.bus.call_sync(
                'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                'GetConnectionUnixProcessID', GLib.Variant('(s)', (APP_ID,)), None,
                Gio.DBusCallFlags.NONE, 10000, None).unpack()[0]
        return None

    def _find(self):
        self._check_alive()
        return self.desktop.find_window(self.pid)

    def read_log(self):
        self.log.seek(0)
        return self.log.read().decode(errors='replace')

    def resize(self, width, height):
        """No window manager does it. What a window can do without may depend on how wide it is: it
        is asked until it gives in."""
        wanted = [f'WIDTH={width + 2 * BORDER}', f'HEIGHT={height + 2 * BORDER}']
        words = [word.split('=')[1] for word in wanted]
        def is_resized():
            self.desktop.xdotool('windowmove', self.id, '0', '0', 'windowsize', self.id, *words)
            geometry = self.desktop.xdotool('getwindowgeometry', '--shell', self.id)
            return all(word in geometry.split() for word in wanted)
        wait_for(f'a width of {width}', is_resized)

    def find_dialog(self):
        return next((found for found in self.desktop.find_windows(self.pid) if found != self.id),
                    None)

    def place_dialog(self, width, height):
        """As a window manager does: in the middle of the window, and no larger."""
        dialog = self.find_dialog()
        if dialog is None:
            return
        words = self.desktop.xdotool('getwindowgeometry', '--shell', dialog).split()
        size = {key: int(value) for key, value in (word.split('=') for word in words)}
        wide, high = (min(size['WIDTH'], width + 2 * BORDER),
                      min(size['HEIGHT'], height + 2 * BORDER))
        self.desktop.xdotool('windowsize', dialog, str(wide), str(high), 'windowmove', dialog,
                             str((width + 2 * BORDER - wide) // 2),
                             str((height + 2 * BORDER - high) // 2))

    def press_in_dialog(self, *keys):
        dialog = wait_for('a dialog', self.find_dialog)
        self.desktop.xdotool('windowfocus', dialog, 'key', *keys)
        wait_for('the end of the dialog', lambda: dialog != self.find_dialog())

    # Actions

    def call(self, path, method, arguments, kind):
        return self.desktop.bus.call_sync(APP_ID, path, 'org.gtk.Actions', method, arguments,
                                          GLib.VariantType(kind), Gio.DBusCallFlags.NO_AUTO_START,
                                          10000, None)

    def list_actions(self):
        return self.call(APP_PATH, 'List', None, '(as)').unpack()[0]

    def activate(self, name, *parameter, path=APP_PATH):
        """parameter: at most one, a GLib.Variant."""
        self.call(path, 'Activate', GLib.Variant('(sava{sv})', (name, parameter, {})), '()')

    def download(self, *links):
        self.activate('download-links', GLib.Variant('as', links))

    def add(self, *links):
        self.activate('add-links', GLib.Variant('as', links))

    # The end

    def quit(self, seconds=PATIENCE):
        """By its own action; it has to end well and in time."""
        self.activate('quit')
        status = self.process.wait(seconds)
        if status:
            raise AssertionError(f'gannet ended with {status}: {self.read_log()}')

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self.process.wait()

    # What a screen reader sees

    def find_application(self):
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            with contextlib.suppress(GLib.Error):
                child = desktop.get_child_at_index(index)
                if child is not None and child.get_process_id() == self.pid:
                    return child
        return None

    def walk(self):
        """All that is not hidden: (role, name, object). GTK 4.8 tells nothing of what is behind."""
        application = self.find_application()
        pending = [application] if application else []
        if application:
            application.set_cache_mask(Atspi.Cache.NONE)
        while pending:
            node = pending.pop()
            with contextlib.suppress(GLib.Error):
                role = node.get_role_name()
                role = OLDER_ROLES.get(role, role)
                if role not in ('application', 'frame', 'window', 'dialog') and \
                        not node.get_state_set().contains(Atspi.StateType.VISIBLE):
                    continue
                yield role, node.get_name() or '', node
                pending += [child for child in map(node.get_child_at_index,
                                                   reversed(range(node.get_child_count()))) if child]

    def read(self):
        """All words on the screen, one a line."""
        words = []
        for _, name, node in self.walk():
            with contextlib.suppress(GLib.Error):
                text = node.get_text_iface()
                words.append(Atspi.Text.get_text(text, 0, -1) if text else name)
                if name and words[-1] != name:
                    words.append(name)
        return '\n'.join(filter(None, words))

    def find(self, role, name):
        """GTK 4.8 puts the label of a mnemonic before the name."""
        for is_role, is_name, node in self.walk():
            words = is_name.replace('_', '')
            if is_role == role and (words == name or words.endswith(f' {name}')):
                return node
        return None

    def wait_for_widget(self, role, name, seconds=PATIENCE):
        return wait_for(f'a {role} named {name}', lambda: self.find(role, name), seconds)

    def wait_for_text(self, text, seconds=PATIENCE):
        try:
            wait_for(f'the words "{text}"', lambda: text in self.read(), seconds)
        except TimeOut as error:
            raise TimeOut(f'{error}; on the screen:\n{self.read()}') from None

    def click(self, role, name):
        self.wait_for_widget(role, name).get_action_iface().do_action(0)

    def press(self, *keys):
        self.desktop.xdotool('windowfocus', self.id, 'key', *keys)


def require_tools():
    """A machine without the tools skips: exit status 77."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print(f'1..0 # SKIP not installed: {" ".join(missing)}')
        sys.exit(77)
