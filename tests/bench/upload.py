#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Uploads of many small objects, signed, from files, ledger and all: `vinny images upload-r2`
against `rclone copy`, taking turns, at the same concurrency, against an nginx that takes every PUT.

    tests/bench/upload.py [--objects 5000] [--bytes 50000] [--rounds 3] [--concurrency 16]

Prints each round and the medians: objects a second, CPU an object, and both ratios."""
import argparse
import os
import pathlib
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import daemon  # noqa: E402
import many_images  # noqa: E402
from emulator import free_port  # noqa: E402

SINK = """
user root; daemon off; worker_processes 1; pid {dir}/nginx.pid; error_log {dir}/error.log warn;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000; client_max_body_size 64m; client_body_buffer_size 128k;
  client_body_temp_path {dir}/b; proxy_temp_path {dir}/p; fastcgi_temp_path {dir}/f;
  uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  server {{ listen 127.0.0.1:{port}; root {dir}/store;
    location / {{ dav_methods PUT DELETE MKCOL; create_full_put_path on; dav_access user:rw; }} }}
}}
"""


class Sink:
    def __init__(self, place):
        self.dir, self.port = place, free_port()
        (place / "store").mkdir(parents=True)
        (place / "nginx.conf").write_text(SINK.format(dir=place, port=self.port))
        self.process = subprocess.Popen(["nginx", "-c", str(place / "nginx.conf")],
                                        stderr=subprocess.DEVNULL)
        time.sleep(1)

    def take(self, prefix):
        """How many objects there are below a prefix; they are gone after it."""
        place = self.dir / "store" / "images" / prefix
        count = sum(1 for p in place.rglob("*") if p.is_file())
        shutil.rmtree(place)
        return count

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def configure(root, port, concurrency, prefix=""):
    file = root / "vinny.toml"
    file.write_text(f"""data_dir = "{root}/data"
contact = "bench@example.org"
[store]
kind = "s3"
endpoint = "http://127.0.0.1:{port}"
bucket = "images"
access_key_id = "bench"
secret_access_key = "bench-secret"
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


def timed(command, **options):
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, **options)
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, cpu


def rclone(root, port, concurrency, prefix):
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "RCLONE_CONFIG": "/dev/null",
                   "RCLONE_CONFIG_S_TYPE": "s3", "RCLONE_CONFIG_S_PROVIDER": "Other",
                   "RCLONE_CONFIG_S_ACCESS_KEY_ID": "bench",
                   "RCLONE_CONFIG_S_SECRET_ACCESS_KEY": "bench-secret",
                   "RCLONE_CONFIG_S_ENDPOINT": f"http://127.0.0.1:{port}"}
    return timed(["rclone", "copy", "--transfers", str(concurrency), "--checkers", str(concurrency),
                  "--no-traverse", "--no-check-dest", "--s3-no-check-bucket", "--s3-no-head",
                  "--retries", "1", str(root / "data" / "artists"), f"s:images/{prefix}artists"],
                 env=environment)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=5000)
    parser.add_argument("--bytes", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=16)
    wanted = parser.parse_args()
    for program in ("nginx", "rclone"):
        if not shutil.which(program):
            sys.exit(f"{program} is missing: apt-get install {program}")
    root = pathlib.Path(tempfile.mkdtemp(prefix="vinny-bench-"))
    # In memory: the clients are measured, not the sink's disk.
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    store = pathlib.Path(tempfile.mkdtemp(prefix="vinny-sink-", dir=memory))
    sink = Sink(store)
    try:
        made = list(many_images.rows(root / "data", wanted.objects, wanted.bytes))
        file = configure(root, sink.port, wanted.concurrency)
        upload = [daemon.binary("vinny"), "--config", str(file), "--quiet", "images", "upload-r2"]
        subprocess.run(upload, check=True)  # makes the catalog
        figures = {"vinny": [], "rclone": []}
        for number in range(wanted.rounds):
            for name in ("vinny", "rclone") if number % 2 == 0 else ("rclone", "vinny"):
                prefix = f"{name}-{number}/"
                configure(root, sink.port, wanted.concurrency, prefix)
                forget(root, made)
                os.sync()  # nobody pays for what another has written
                took, cpu = (timed(upload) if name == "vinny"
                             else rclone(root, sink.port, wanted.concurrency, prefix))
                if (arrived := sink.take(prefix)) != wanted.objects:
                    sys.exit(f"{name}: {arrived} of {wanted.objects} objects arrived")
                rate, each = wanted.objects / took, cpu / wanted.objects * 1e6
                figures[name].append((rate, each))
                print(f"round {number + 1}  {name:7} {rate:8.0f} objects/s  {each:7.0f} µs CPU each",
                      flush=True)
        middle = {n: [statistics.median(v) for v in zip(*f)] for n, f in figures.items()}
        print(f"rate: {middle['vinny'][0] / middle['rclone'][0]:.2f} times rclone's;  "
              f"CPU an object: {middle['vinny'][1] / middle['rclone'][1]:.2f} of rclone's")
    finally:
        sink.stop()
        shutil.rmtree(root, ignore_errors=True)
        shutil.rmtree(store, ignore_errors=True)


if __name__ == "__main__":
    main()
