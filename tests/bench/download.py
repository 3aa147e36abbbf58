#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Downloads of many small JPEGs from an nginx on loopback: `vinny specimens download` (state in the
catalog, SHA-256, `structure`, synced) against programs that only fetch.

    ./dev bench download [--images 20000] [--bytes 50000] [--rounds 5] [--peers curl,wget2]
                         [--verify decode] [--before DIR]

Peers: curl --parallel, wget2 with 16 threads, aria2c -j16, gallery-dl, Scrapy's files pipeline; one
that is not installed is left out (apt-get install aria2 wget2 gallery-dl python3-scrapy). The three
slow ones get a tenth of the images. Interleaved; medians of files a second and CPU a file; each
program's folder is checked before it counts. With `--verify decode` it runs against what decoding
alone allows on the same cores (bench_decode) instead."""
import argparse
import io
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import daemon  # noqa: E402
from emulator import free_port  # noqa: E402
from kit import Nginx, timed  # noqa: E402

ORIGIN = """access_log off; sendfile on; tcp_nopush on; types {{ image/jpeg jpg; }}
  server {{ listen 127.0.0.1:{port} backlog=4096; root {dir}/site; }}"""
CONNECTIONS = 16


def picture(size):
    """A JPEG of about `size` bytes, as large as such a picture is: noise that is blurred a little."""
    edge, quality = 640, 85
    while True:
        image = Image.effect_noise((edge, edge * 3 // 4), 60).resize((edge * 2, edge * 3 // 2))
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=quality)
        if out.tell() <= size * 0.98:
            return out.getvalue()
        edge = int(edge * max(0.5, (size * 0.95 / out.tell()) ** 0.5))


class Origin:
    """nginx in memory; every image is another file, with its number as a comment at its end."""

    def __init__(self, images, size):
        memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.dir, port = pathlib.Path(tempfile.mkdtemp(prefix="vinny-origin-", dir=memory)), free_port()
        base, site = picture(size), self.dir / "site"
        site.mkdir()
        self.size = 0
        for n in range(images):
            comment = f"{n:08}".encode() + b" " * (size - len(base) - 12)
            body = base[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + base[2:]
            (site / f"{n}.jpg").write_bytes(body)
            self.size = len(body)
        self.address = f"127.0.0.1:{port}"
        self.nginx = Nginx(self.dir, ORIGIN.format(dir=self.dir, port=port))

    def urls(self, count):
        return [f"http://{self.address}/{n}.jpg" for n in range(count)]

    def stop(self):
        self.nginx.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


def curl(folder, urls, origin):
    listing = folder / "list.txt"
    listing.write_text("".join(f'url = "{u}"\noutput = "{folder}/{u.rsplit("/", 1)[1]}"\n'
                               for u in urls))
    return timed(["curl", "--silent", "--show-error", "--parallel", "--parallel-max", CONNECTIONS,
                  "--config", listing])


def wget2(folder, urls, origin):
    (folder / "list.txt").write_text("\n".join(urls) + "\n")
    return timed(["wget2", "--quiet", "--no-robots", f"--max-threads={CONNECTIONS}",
                  "--directory-prefix", folder, "--input-file", folder / "list.txt"])


def aria2c(folder, urls, origin):
    (folder / "list.txt").write_text("\n".join(urls) + "\n")
    return timed(["aria2c", "-q", f"-j{CONNECTIONS}", "-x1", "-s1", "--file-allocation=none",
                  "-d", folder, "-i", folder / "list.txt"])


def gallery_dl(folder, urls, origin):
    (folder / "list.txt").write_text("\n".join(urls) + "\n")
    return timed(["gallery-dl", "--config-ignore", "-q", "-D", folder, "-i", folder / "list.txt"])


SPIDER = """
import scrapy
class Files(scrapy.Spider):
    name = "files"
    def start_requests(self):
        yield scrapy.Request("data:,x", self.parse)
    def parse(self, response):
        yield {{"file_urls": open({listing!r}).read().split()}}
"""


def scrapy(folder, urls, origin):
    listing = folder / "list.txt"
    listing.write_text("\n".join(urls) + "\n")
    (folder / "spider.py").write_text(SPIDER.format(listing=str(listing)))
    settings = {"ITEM_PIPELINES": '{"scrapy.pipelines.files.FilesPipeline": 1}',
                "FILES_STORE": str(folder), "CONCURRENT_REQUESTS": CONNECTIONS,
                "CONCURRENT_REQUESTS_PER_DOMAIN": CONNECTIONS, "LOG_LEVEL": "ERROR"}
    return timed(["scrapy", "runspider", folder / "spider.py",
                  *(f"--set={k}={v}" for k, v in settings.items())], cwd=folder)


def decode(folder, urls, origin):
    """No download: what decoding the same files allows on these cores."""
    bare = folder / "bare"
    bare.mkdir()
    for url in urls:
        os.symlink(origin.dir / "site" / url.rsplit("/", 1)[1], bare / url.rsplit("/", 1)[1])
    return timed([DECODE, bare])


def vinny(verify, program=None):
    def run(folder, urls, origin):
        listing, config = folder / "multimedia.txt", folder / "vinny.toml"
        listing.write_text("gbifID\tidentifier\n" + "".join(
            f"{n + 1_000_000_000}\t{u}\n" for n, u in enumerate(urls)))
        config.write_text(f"""data_dir = "{folder}/data"
contact = "bench@example.org"
[http]
concurrency = {CONNECTIONS}
allow_private_addresses = true
connect_to = {{ "{origin.address}" = "{origin.address}" }}
[politeness]
delay_ms = 0
robots = false
concurrency = {CONNECTIONS}
[specimens]
verify = "{verify}"
longest_edge = 0
[control]
socket = "{folder}/vinnyd.sock"
""")
        command = [program or daemon.binary("vinny"), "--config", config, "--quiet", "specimens"]
        timed([*command, "ingest", listing])
        os.sync()
        return timed([*command, "download"])
    return run


DECODE = ROOT / "build" / "release" / "tests" / "bench_decode"
QUICK = {"vinny": vinny("structure"), "curl": curl, "wget2": wget2}
SLOW = {"aria2c": aria2c, "gallery-dl": gallery_dl, "scrapy": scrapy}


class Bench:
    def __init__(self, wanted, origin, root):
        self.wanted, self.origin, self.root, self.figures = wanted, origin, root, {}

    def measure(self, name, fetch, count, number):
        folder = self.root / f"{name}-{number}"  # deleted at the end: ext4 is slow soon after
        folder.mkdir()
        os.sync()
        took, cpu = fetch(folder, self.origin.urls(count), self.origin)
        whole = sum(1 for p in folder.rglob("*.jpg") if p.stat().st_size == self.origin.size)
        if whole != count:
            sys.exit(f"{name}: {whole} of {count} files are whole")
        self.figures.setdefault(name, []).append((count / took, cpu / count * 1e6))
        print(f"round {number + 1}  {name:12} {count / took:8.0f} files/s  {cpu / count * 1e6:7.0f} "
              "µs CPU each", flush=True)

    def run(self, programs):
        for number in range(self.wanted.rounds):
            for name, fetch in sorted(programs.items(), reverse=number % 2 == 1):
                self.measure(name, fetch, self.wanted.images // (10 if name in SLOW else 1), number)
        middle = {n: [statistics.median(v) for v in zip(*f)] for n, f in self.figures.items()}
        for name in sorted(middle):
            if name != "vinny":
                print(f"against {name}: {middle['vinny'][0] / middle[name][0]:.2f} times its rate, "
                      f"{middle['vinny'][1] / middle[name][1]:.2f} of its CPU a file")
        return middle


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--bytes", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", default=",".join([*QUICK, *SLOW]))
    parser.add_argument("--verify", choices=("structure", "decode"), default="structure")
    parser.add_argument("--place", help="the folder, on the disk that is to be measured")
    parser.add_argument("--before", type=pathlib.Path, help="the folder of an older build's binaries")
    wanted = parser.parse_args()
    if not shutil.which("nginx"):
        sys.exit("nginx is missing: apt-get install nginx-light")
    programs = {n: f for n, f in {**QUICK, **SLOW}.items()
                if n == "vinny" or (n in wanted.peers.split(",") and shutil.which(n))}
    programs["vinny"] = vinny(wanted.verify)
    if wanted.before:
        programs["before"] = vinny(wanted.verify, wanted.before / "vinny")
    if wanted.verify == "decode":
        subprocess.run(["cmake", "--build", "--preset", "release", "--target", "bench_decode"],
                       cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        programs = {"vinny": programs["vinny"], "decode": decode}
    root = pathlib.Path(tempfile.mkdtemp(prefix="vinny-bench-", dir=wanted.place))
    origin = Origin(wanted.images, wanted.bytes)
    try:
        Bench(wanted, origin, root).run(programs)
    finally:
        origin.stop()
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
