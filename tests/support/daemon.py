# SPDX-License-Identifier: MIT
"""The harness: a temporary place with a vinny.toml, and the two binaries run in it.

VINNY_BIN_DIR names their folder (default build/release/daemon); VINNY_SLOW multiplies every
deadline, for builds with sanitizers."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

from control import Control

ROOT = pathlib.Path(__file__).resolve().parents[2]
SLOW = float(os.environ.get("VINNY_SLOW", "1"))
long_enough = 180 * SLOW   # for whatever has to happen
short_enough = 10 * SLOW   # for what has to happen soon


def binary(name):
    folder = pathlib.Path(os.environ.get("VINNY_BIN_DIR") or ROOT / "build/release/daemon")
    path = (folder if folder.is_absolute() else ROOT / folder) / name
    if not path.exists():
        raise RuntimeError(f"{path} does not exist: build it, or set VINNY_BIN_DIR")
    return str(path)


def sanitized():
    """Whether the binaries are built with a sanitizer, which maps more memory than any limit."""
    program = pathlib.Path(binary("vinnyd")).read_bytes()
    return b"__asan_" in program or b"__tsan_" in program


def wait_until(condition, seconds=long_enough, what="a condition"):
    """Polls until `condition()` is true, and returns its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come about in {seconds:g} s")
        time.sleep(0.01)


@dataclass
class Outcome:
    code: int
    out: str
    err: str
    seconds: float

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return (f"exit code {self.code} after {self.seconds:.1f} s\n"
                f"-- stdout\n{self.out[-3000:]}\n-- stderr\n{self.err[-5000:]}")


class Child:
    """A started command; its output goes to files, so it never blocks on a pipe."""

    def __init__(self, command, environment, folder):
        self.started, self._ended = time.monotonic(), None
        self._out = tempfile.TemporaryFile(dir=folder)
        self._err = tempfile.TemporaryFile(dir=folder)
        self.process = subprocess.Popen(command, env=environment, cwd=folder, stdout=self._out,
                                        stderr=self._err, stdin=subprocess.DEVNULL)

    def signal(self, number):
        self.process.send_signal(number)

    def running(self):
        return self.process.poll() is None

    def has_said_something(self):
        return os.fstat(self._out.fileno()).st_size > 0

    def kill(self):
        self.process.kill()
        return self.wait()

    def wait(self, seconds=long_enough):
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"still running after {seconds:g} s\n{self._outcome(-9)}")
        return self._outcome(code)

    def _outcome(self, code):
        if self._ended is None:
            texts = []
            for file in (self._out, self._err):
                with file:
                    file.seek(0)
                    texts.append(file.read().decode(errors="replace"))
            self._ended = Outcome(code, *texts, time.monotonic() - self.started)
        return self._ended


class Workplace:
    """A temporary folder: configuration, data, socket. `overrides` go to settings.render."""

    def __init__(self, origin, **overrides):
        self.origin = origin
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vinny-"))
        for name in ("nest", "home", "run"):
            (self.root / name).mkdir()
        self.data = self.root / "nest" / "data"
        self.config = self.root / "vinny.toml"
        self.socket = self.root / "run" / "vinnyd.sock"
        self.configure(**overrides)

    def configure(self, **overrides):
        self.config.write_text(self.origin.config(self.data, socket=self.socket, **overrides),
                               encoding="utf-8")

    def environment(self, **more):
        """Nothing of the caller's VINNY_*, credentials or home gets in."""
        kept = {k: v for k, v in os.environ.items()
                if k in ("PATH", "LANG", "TMPDIR") or k.endswith("SAN_OPTIONS")}
        return {**kept, "HOME": str(self.root / "home"),
                "RUNTIME_DIRECTORY": str(self.root / "run"), "TERM": "dumb", **more}

    def start(self, *arguments, program="vinny", **environment):
        command = [binary(program), "--config", str(self.config), *map(str, arguments)]
        return Child(command, self.environment(**environment), self.root)

    def vinny(self, *arguments, **environment):
        return self.start(*arguments, **environment).wait()

    def run_document(self, run_id):
        """What `vinny runs ID --json` says."""
        outcome = self.vinny("runs", run_id, "--json")
        if outcome.code != 0:
            raise AssertionError(f"vinny runs {run_id}: {outcome}")
        return outcome.json()

    def run_ids(self):
        """The known runs by their folders under data/runs."""
        folder = self.data / "runs"
        return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []

    def wipe(self):
        shutil.rmtree(self.data, ignore_errors=True)

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)


class NotifySocket:
    """Stands in for systemd: collects what a service says on $NOTIFY_SOCKET."""

    def __init__(self, path):
        self.path, self.messages = str(path), []  # (seconds, text)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                text = self._socket.recv(65536).decode(errors="replace")
            except OSError:
                return
            if not text:
                return
            self.messages.append((time.monotonic(), text))

    def lines(self, start=""):
        """(seconds, line) of all lines that begin so."""
        return [(at, line) for at, text in list(self.messages)
                for line in text.splitlines() if line.startswith(start)]

    def close(self):
        try:  # an empty datagram wakes the reader
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as waker:
                waker.sendto(b"", self.path)
        except OSError:
            pass
        self._socket.close()
        pathlib.Path(self.path).unlink(missing_ok=True)


class Daemon:
    """vinnyd in a workplace, with a notify socket; ready when the constructor returns."""

    def __init__(self, place, watchdog_usec=None):
        self.place = place
        self.notify = NotifySocket(place.root / "run" / "notify")
        environment = place.environment(NOTIFY_SOCKET=self.notify.path)
        command = [binary("vinnyd"), "--config", str(place.config)]
        if watchdog_usec:  # WATCHDOG_PID has to be the daemon's own: exec keeps it
            environment["WATCHDOG_USEC"] = str(watchdog_usec)
            command = ["/bin/sh", "-c", 'WATCHDOG_PID=$$ exec "$0" "$@"', *command]
        self.child = Child(command, environment, place.root)
        self.control = Control(place.socket, timeout=short_enough * 3)
        try:
            wait_until(lambda: self.notify.lines("READY=1") or not self.child.running(),
                       short_enough, "READY=1")
        except AssertionError:
            self.child.kill()
            raise
        if not self.notify.lines("READY=1"):
            raise AssertionError(f"vinnyd ended before READY=1: {self.child.wait()}")
        self.ready_after = self.notify.lines("READY=1")[0][0] - self.child.started

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.running():
            self.child.signal(signal.SIGTERM)
            try:
                self.child.wait(short_enough * 2)
            finally:
                self.notify.close()
        else:
            self.notify.close()

    def stop(self):
        """SIGTERM; returns the outcome, with the seconds that stopping took."""
        asked = time.monotonic()
        self.child.signal(signal.SIGTERM)
        outcome = self.child.wait(short_enough * 2)
        outcome.seconds = time.monotonic() - asked
        return outcome

    def wait_for_run(self, run_id):
        """The run's document once it is in a final state."""
        def over():
            document = self.control.run(run_id)
            return document if document["run"]["state"] not in ("queued", "running") else None
        return wait_until(over, long_enough, f"the end of run {run_id}")

    def post_run(self, **parameters):
        """Starts a run, after one that is still active; returns its id."""
        def accepted():
            answer = self.control.post_run(**parameters)
            if answer.status == 409:
                return None
            if answer.status != 202:
                raise AssertionError(f"POST /v1/runs: {answer.status} {answer.body!r}")
            return answer.json()["id"]
        return wait_until(accepted, long_enough, "a free daemon")
