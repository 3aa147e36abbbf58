#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Lists of captures, all warm: GET /v1/captures?limit=50 at 1,000 and at 1,000,000 captures.

    ./dev bench captures [--captures 1000000] [--rounds 5] [--seconds 5]

Needs wrk (apt-get install wrk). Interleaved; medians of the latency and of lists for each second of
the daemon's CPU."""
import argparse
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import daemon  # noqa: E402
from emulator import free_port  # noqa: E402

TOKEN = "0123456789abcdef0123456789abcdef"


class Gallery:
    """A daemon of its own whose catalog has so many captures, each with its thumbnails."""

    def __init__(self, root, count):
        self.count, self.dir, port = count, root / str(count), free_port()
        self.dir.mkdir()
        (self.dir / "token").write_text(TOKEN)
        config = self.dir / "vinny.toml"
        config.write_text(f"""data_dir = "{self.dir}/data"
[control]
socket = "{self.dir}/v.sock"
listen = "127.0.0.1:{port}"
token_file = "{self.dir}/token"
""")
        self.command = [daemon.binary("vinnyd"), "--config", str(config), "--log-level", "error"]
        self.url = f"http://127.0.0.1:{port}/v1/captures?limit=50"
        self.start()
        self.stop()
        self.fill()
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command)
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url.split("/v1")[0] + "/livez")
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("vinnyd does not answer")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def fill(self):
        db = sqlite3.connect(self.dir / "data" / "vinny.db", isolation_level=None)
        db.execute("BEGIN")
        db.executemany(
            "INSERT INTO captures VALUES (?, 'moths', 0, ?, 1234567, '', 1800000000000)",
            ((n, f"https://moths.example.org/2026/trap-{n % 97:02}/{n:09}.jpg")
             for n in range(1, self.count + 1)))
        db.executemany(
            "INSERT INTO thumbnails VALUES (?, ?, ?, ?, 160, 9000, 1800000000000)",
            ((n, label, f"thumbnails/capture_{n}/{label}-0123456789ab-aabbccdd{n:012x}.jpg", width)
             for n in range(1, self.count + 1) for label, width in (("medium", 1024), ("small", 240))))
        db.execute("COMMIT")
        db.close()

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def measure(self, seconds):
        """(median milliseconds, lists a second, lists for a second of CPU)"""
        before = self.cpu()
        out = subprocess.run(["wrk", "-t1", "-c4", f"-d{seconds}s", "--latency", "-H",
                              f"Authorization: Bearer {TOKEN}", self.url], capture_output=True,
                             text=True, check=True).stdout
        used = self.cpu() - before
        value, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)", out).groups()
        done = int(re.search(r"(\d+) requests in", out).group(1))
        if "Non-2xx" in out:
            sys.exit(out)
        return float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit], done / seconds, done / used


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captures", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    wanted = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: apt-get install wrk")
    root = pathlib.Path(tempfile.mkdtemp(prefix="vinny-captures-"))
    galleries = [Gallery(root, count) for count in (1_000, wanted.captures)]
    figures = {one.count: [] for one in galleries}
    try:
        for number in range(wanted.rounds):
            for one in galleries if number % 2 == 0 else reversed(galleries):
                figures[one.count].append(one.measure(wanted.seconds))
                ms, rate, each = figures[one.count][-1]
                print(f"round {number + 1}  {one.count:>9} captures: median {ms:.2f} ms, "
                      f"{rate:.0f} lists/s, {each:.0f} for a second of CPU", flush=True)
        middle = {n: [statistics.median(v) for v in zip(*f)] for n, f in figures.items()}
        print(f"{wanted.captures} against 1000: {middle[wanted.captures][0] / middle[1000][0]:.2f} of "
              f"the latency; {middle[wanted.captures][2]:.0f} lists for a second of CPU")
    finally:
        for one in galleries:
            one.stop()
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
