#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Uploads of many small objects, signed, from files, ledger and all: `vinny images upload-r2`
against `rclone copy`, taking turns, at the same concurrency.

    tests/bench/upload.py [--objects 5000] [--bytes 50000] [--rounds 5] [--concurrency 16] [--gateway]

The server is an nginx that takes every PUT and keeps it in memory, so that the clients are
measured; or, with --gateway, a Ceph gateway, and the question is how near a client comes to the
rate at which that server saturates: the best of both clients at any concurrency.

rclone runs twice: as `rclone copy --no-traverse`, which asks for each object before and after it
is sent, and `bare`, which does not. Vinny asks in the same request (If-None-Match), and keeps its
ledger. Prints each round and the medians: objects a second, CPU an object, and the ratios."""
import argparse
import os
import pathlib
import shutil
import sqlite3
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import daemon  # noqa: E402
import many_images  # noqa: E402
import radosgw  # noqa: E402
import rclone as rclone_client  # noqa: E402
from emulator import free_port  # noqa: E402
from kit import Nginx, timed  # noqa: E402

SINK = """access_log off; client_max_body_size 64m; client_body_buffer_size 128k;
  server {{ listen 127.0.0.1:{port}; root {dir}/store;
    location / {{ dav_methods PUT DELETE MKCOL; create_full_put_path on; dav_access user:rw; }} }}"""


class Sink:
    access_key_id, secret, region = "bench", "bench-secret", "auto"

    def __init__(self):
        # In memory: the clients are measured, not the sink's disk.
        memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.dir, port = pathlib.Path(tempfile.mkdtemp(prefix="vinny-sink-", dir=memory)), free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        (self.dir / "store").mkdir()
        self.nginx = Nginx(self.dir, SINK.format(dir=self.dir, port=port))

    def take(self, prefix):
        """How many objects there are below a prefix; they are gone after it."""
        place = self.dir / "store" / "images" / prefix
        count = sum(1 for p in place.rglob("*") if p.is_file())
        shutil.rmtree(place)
        return count

    def stop(self):
        self.nginx.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


class Gateway(radosgw.Radosgw):
    def __init__(self, place):
        super().__init__(place)
        rclone_client.Rclone(self, place).make_bucket()

    def take(self, prefix):
        return None  # it refuses what is not whole


def configure(root, server, concurrency, prefix):
    file = root / "vinny.toml"
    file.write_text(f"""data_dir = "{root}/data"
contact = "bench@example.org"
[store]
kind = "s3"
endpoint = "{server.endpoint}"
bucket = "images"
access_key_id = "{server.access_key_id}"
secret_access_key = "{server.secret}"
region = "{server.region}"
concurrency = {concurrency}
prefix = "{prefix}"
[control]
socket = "{root}/vinnyd.sock"
""")
    return file


def forget(root, made):
    """The catalog as it is before the first upload."""
    with sqlite3.connect(root / "data" / "vinny.db") as base:
        many_images.enter(base, made)
        base.execute("DELETE FROM notes WHERE name = 'store'")  # a sink cannot say that it is one


BARE = ("--no-check-dest", "--s3-no-head")


def rclone(root, server, concurrency, prefix, flags=()):
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "RCLONE_CONFIG": "/dev/null",
                   "RCLONE_CONFIG_S_TYPE": "s3", "RCLONE_CONFIG_S_PROVIDER": "Other",
                   "RCLONE_CONFIG_S_ACCESS_KEY_ID": server.access_key_id,
                   "RCLONE_CONFIG_S_SECRET_ACCESS_KEY": server.secret,
                   "RCLONE_CONFIG_S_ENDPOINT": server.endpoint}
    return timed(["rclone", "copy", "--transfers", str(concurrency), "--checkers", str(concurrency),
                  "--no-traverse", "--s3-no-check-bucket", "--retries", "1", *flags,
                  str(root / "data" / "artists"), f"s:images/{prefix}artists"], env=environment)


class Bench:
    def __init__(self, root, server, wanted):
        self.root, self.server, self.wanted, self.runs = root, server, wanted, 0
        self.made = list(many_images.rows(root / "data", wanted.objects, wanted.bytes))
        self.figures = {}
        self.vinny(wanted.concurrency, "first/")  # makes the catalog

    def vinny(self, concurrency, prefix):
        configure(self.root, self.server, concurrency, prefix)
        if (self.root / "data" / "vinny.db").exists():
            forget(self.root, self.made)
        os.sync()  # nobody pays for what another has written
        return timed([daemon.binary("vinny"), "--config", str(self.root / "vinny.toml"), "--quiet",
                      "images", "upload-r2"])

    def measure(self, name, upload, number):
        """One round of one client: `upload(prefix)`."""
        self.runs += 1
        prefix = f"run-{self.runs}/"
        took, cpu = upload(prefix)
        arrived = self.server.take(prefix)
        if arrived not in (None, self.wanted.objects):
            sys.exit(f"{name}: {arrived} of {self.wanted.objects} objects arrived")
        rate, each = self.wanted.objects / took, cpu / self.wanted.objects * 1e6
        self.figures.setdefault(name, []).append((rate, each))
        print(f"round {number + 1}  {name:18} {rate:8.0f} objects/s  {each:7.0f} µs CPU each",
              flush=True)

    def medians(self):
        return {n: [statistics.median(v) for v in zip(*f)] for n, f in self.figures.items()}

    def clients(self, concurrencies):
        """name -> upload(prefix)"""
        out = {}
        for n in concurrencies:
            out[f"vinny {n}"] = lambda prefix, n=n: self.vinny(n, prefix)
            out[f"rclone {n}"] = lambda prefix, n=n: rclone(self.root, self.server, n, prefix)
            out[f"rclone bare {n}"] = lambda prefix, n=n: rclone(self.root, self.server, n, prefix,
                                                                 BARE)
        return out

    def run(self, clients):
        for number in range(self.wanted.rounds):
            for name in sorted(clients, reverse=number % 2 == 1):
                self.measure(name, clients[name], number)
        return self.medians()


def against_sink(bench):
    at = bench.wanted.concurrency
    middle = bench.run(bench.clients([at]))
    for peer in (f"rclone {at}", f"rclone bare {at}"):
        print(f"against {peer}: {middle[f'vinny {at}'][0] / middle[peer][0]:.2f} times its rate, "
              f"{middle[f'vinny {at}'][1] / middle[peer][1]:.2f} of its CPU an object")


def against_gateway(bench):
    at = bench.wanted.concurrency
    clients = bench.clients(sorted({at, 8, 32, 64}))
    middle = bench.run({n: c for n, c in clients.items() if not n.startswith("rclone 8")})
    best = max(middle, key=lambda name: middle[name][0])
    print(f"the gateway saturates at {middle[best][0]:.0f} objects/s ({best}); vinny {at} reaches "
          f"{middle[f'vinny {at}'][0] / middle[best][0]:.2f} of it")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=5000)
    parser.add_argument("--bytes", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--gateway", action="store_true")
    wanted = parser.parse_args()
    for program in ("rclone",) if wanted.gateway else ("nginx", "rclone"):
        if not shutil.which(program):
            sys.exit(f"{program} is missing: apt-get install {program}")
    root = pathlib.Path(tempfile.mkdtemp(prefix="vinny-bench-"))
    server = Gateway(root / "gateway") if wanted.gateway else Sink()
    try:
        (against_gateway if wanted.gateway else against_sink)(Bench(root, server, wanted))
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
