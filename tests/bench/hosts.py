#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Many polite hosts at once: `vinny specimens download` from 545 loopback names, one request each
200 ms, against the rate that politeness allows; one host more hangs, and one answers 429.

    ./dev bench hosts [--hosts 545] [--seconds 60] [--delay 200]

Prints the share of the possible rate, the anonymous memory after each tenth of the time, and from the origin's own log how many requests came sooner
than they may, by more than a millisecond (the log's resolution)."""
import argparse
import collections
import io
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import daemon  # noqa: E402
from emulator import free_port  # noqa: E402
from kit import Nginx  # noqa: E402

ORIGIN = """log_format starts '$msec $request_time $host $status';
  access_log {dir}/log starts buffer=64k; keepalive_timeout 300s; default_type image/jpeg; root {dir};
  server {{ listen 127.0.0.1:{port} backlog=8192; location / {{ try_files /one.jpg =404; }} }}
  server {{ listen 127.0.0.1:{port}; server_name busy.example.org;
    location / {{ add_header Retry-After 20 always; return 429; }} }}"""


def hang(listener):
    """Accepts, and says nothing for ever."""
    held = []
    while True:
        try:
            held.append(listener.accept()[0])
        except OSError:
            return


def prepare(root, wanted, port, hung):
    image = io.BytesIO()
    Image.effect_noise((120, 120), 40).convert("L").save(image, "JPEG", quality=40)
    (root / "one.jpg").write_bytes(image.getvalue().ljust(1200, b"\0"))
    names = [f"herbarium{n:03}.example.org" for n in range(wanted.hosts)]
    each = wanted.seconds * 1000 // wanted.delay
    odd = ["busy.example.org", "hung.example.org"]
    with open(root / "multimedia.txt", "w", encoding="utf-8") as out:
        out.write("gbifID\tidentifier\n")
        number = 1_000_000_000
        for n in range(each):
            for name in names + (odd if n < 20 else []):
                number += 7
                out.write(f"{number}\thttp://{name}/i/{n}.jpg\n")
    here = "\n".join(f'"{name}:80" = "127.0.0.1:{port}"' for name in [*names, odd[0]])
    (root / "vinny.toml").write_text(f"""data_dir = "{root}/data"
contact = "bench@example.org"
[http]
concurrency = 64
first_byte_timeout_s = 5
[http.connect_to]
"{odd[1]}:80" = "127.0.0.1:{hung}"
{here}
[politeness]
delay_ms = {wanted.delay}
robots = false
retries = 0
patience_s = 0
[images]
min_bytes = 1024
[specimens]
verify = "structure"
longest_edge = 0
[control]
socket = "{root}/vinnyd.sock"
""")
    return names, each


def watch(child, period):
    """The anonymous memory of a program in MiB, once a period until it ends."""
    out, due = [], time.monotonic() + period
    while child.poll() is None:
        time.sleep(0.1)
        if time.monotonic() >= due:
            status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
            found = re.search(r"RssAnon:\s+(\d+)", status)
            out += [int(found[1]) / 1024] if found else []
            due += period
    return out


def report(root, names, each, delay):
    starts = collections.defaultdict(list)
    for line in (root / "log").read_text().splitlines():
        at, took, host, _ = line.split()
        starts[host].append(float(at) - float(took))
    busy = len(starts.pop("busy.example.org", []))
    gaps = sorted((b - a) * 1000 for all_ in starts.values()
                  for a, b in zip(sorted(all_), sorted(all_)[1:]))
    first, last = (f(t for all_ in starts.values() for t in all_) for f in (min, max))
    missing = [n for n in names if len(starts[n]) != each]
    print(f"{sum(map(len, starts.values()))} images of {len(starts)} hosts in {last - first:.1f} s; "
          f"{(each - 1) * delay / 1000:.1f} s are the least: "
          f"{(each - 1) * delay / 1000 / (last - first):.4f} of the possible rate")
    print(f"gaps at the origin: median {statistics.median(gaps):.1f} ms, smallest {gaps[0]:.1f} ms, "
          f"{sum(g < delay - 1 for g in gaps)} below {delay} ms; hosts not finished: {len(missing)}; "
          f"requests to the host that answers 429: {busy}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=545)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--delay", type=int, default=200)
    parser.add_argument("--place", help="the folder, on the disk that is to be used")
    wanted = parser.parse_args()
    root = pathlib.Path(tempfile.mkdtemp(prefix="vinny-hosts-", dir=wanted.place))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=hang, args=(listener,), daemon=True).start()
        port = free_port()
        names, each = prepare(root, wanted, port, listener.getsockname()[1])
        origin = Nginx(root, ORIGIN.format(dir=root, port=port))
        try:
            command = [daemon.binary("vinny"), "--config", root / "vinny.toml", "--quiet",
                       "specimens"]
            subprocess.run([*command, "ingest", root / "multimedia.txt"], check=True)
            before = time.monotonic()
            child = subprocess.Popen([str(part) for part in [*command, "download"]])
            memory = watch(child, wanted.seconds / 10)
            print(f"vinny: exit code {child.returncode} after {time.monotonic() - before:.1f} s; "
                  f"memory {', '.join(f'{mib:.0f}' for mib in memory)} MiB")
        finally:
            origin.stop()
        report(root, names, each, wanted.delay)
    shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
