#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The demo: a bundled origin, the daemon, one sync, and the page with what came of it.

Data goes to data/demo. Ctrl-C ends it; with --once it ends by itself after the sync."""
import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOME = ROOT / "data" / "demo"
PORT = 8787
BOLD, PLAIN = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")


def free_port():
    """8787 where it is free, else any."""
    for wanted in (PORT, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise RuntimeError("no port is free on 127.0.0.1")


def wait_for(condition, what, process=None, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll() is not None:
            sys.exit(f"demo: {what} ended with code {process.returncode}; see {HOME}/*.log")
        if time.monotonic() > end:
            sys.exit(f"demo: {what} did not start within {seconds} s; see {HOME}/*.log")
        time.sleep(0.05)


def start(command, log):
    with open(HOME / log, "wb") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                                start_new_session=True)


def show(address, token):
    data = HOME / "data"
    vinny = "build/release/daemon/vinny --config data/demo/origin/vinny.toml"
    relative = data.relative_to(ROOT)
    print(f"""
{BOLD}Look at it{PLAIN}
  the page        {address}#token={token}
  the pictures    {relative}/artists/
  the database    sqlite3 {relative}/local-d1.sqlite 'SELECT * FROM events'
  what happened   {vinny} runs latest
  why             {vinny} explain dom-dolla
  once more       {vinny} sync --local      (asks for nothing twice)
""", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="end after the sync")
    options = parser.parse_args()
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    port = free_port()
    children = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        print("painting pictures and starting the origin …", flush=True)
        ready = HOME / "ready.json"
        children.append(start(
            ["/usr/bin/python3", str(ROOT / "tests/support/origin.py"), "--site", "demo", "--tls",
             "--dir", str(HOME / "origin"), "--data-dir", str(HOME / "data"),
             "--listen", f"127.0.0.1:{port}", "--ready-file", str(ready)], "origin.log"))
        wait_for(ready.exists, "the origin", children[-1])
        config = HOME / "origin" / "vinny.toml"
        binaries = ROOT / "build/release/daemon"
        daemon = start([str(binaries / "vinnyd"), "--config", str(config)], "vinnyd.log")
        children.append(daemon)
        wait_for(lambda: "\"ready\"" in (HOME / "vinnyd.log").read_text(), "vinnyd", daemon)
        print(f"{BOLD}$ vinny sync --local{PLAIN}", flush=True)
        code = subprocess.call([str(binaries / "vinny"), "--config", str(config), "sync", "--local"])
        if code != 0:
            sys.exit(f"demo: the sync ended with code {code}; see {HOME}/vinnyd.log")
        token = (HOME / "origin" / "token").read_text().strip()
        show(f"http://127.0.0.1:{port}/", token)
        if options.once:
            return
        print("Ctrl-C ends the demo.", flush=True)
        daemon.wait()
    except KeyboardInterrupt:
        print("\nending …", flush=True)
    finally:
        for child in reversed(children):
            if child.poll() is None:
                child.terminate()
        for child in children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


main()
