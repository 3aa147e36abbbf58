# SPDX-License-Identifier: MIT
"""Hostile pictures behind captures, and daemons that are killed while they draw."""
import concurrent.futures
import http.client
import io
import os
import pathlib
import random
import struct
import threading
import time
import unittest
import zlib

from PIL import Image

from capture_cases import CaptureTest, jpeg  # first: it knows where the supports are
import daemon
from control import Control

CRASHES = int(os.environ.get("VINNY_CAPTURE_CRASHES", "5"))
MIB = 1 << 20


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, colour=2, depth=8, data=b"", extra=b""):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) +
            chunk(b"IEND", b""))


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def flat_png(width, height):
    """Whole, and small as a file: so many pixels of nothing."""
    row = b"\0" + bytes(width * 4)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png(width, height, colour=6, data=data)


def scan_bomb():
    """A progressive JPEG whose scans are repeated thousands of times."""
    whole = saved(Image.new("RGB", (2000, 2000), "red"), "JPEG", progressive=True)
    first = whole.index(b"\xff\xda")
    second = whole.index(b"\xff\xda", first + 2)
    return whole[:first] + whole[first:second] * 5000 + whole[first:]


def hostile_pictures():
    """name -> bytes; none of them can be drawn."""
    whole = jpeg("A", 900, 700)
    whole_png = saved(Image.effect_noise((300, 200), 60), "PNG")
    out = {f"cut at {n}": whole[:n] for n in range(1000, len(whole) - 1, 1000)}
    huge = bytearray(whole)
    at = whole.index(b"\xff\xc0") if b"\xff\xc0" in whole else whole.index(b"\xff\xc2")
    huge[at + 5:at + 9] = b"\xff\xff\xff\xff"
    broken = bytearray(whole_png)
    broken[len(broken) // 2] ^= 0xFF
    out |= {
        "empty": b"", "one byte": b"\xff", "start only": b"\xff\xd8\xff", "text": b"hello " * 400,
        "html": b"<!doctype html><title>404</title>" * 60, "json": b'{"error": 1}' * 200,
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>' * 60, "gif": b"GIF89a" + bytes(3000),
        "webp": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(3000), "bmp": b"BM" + bytes(3000),
        "tiff": b"II*\0" + bytes(3000), "avif": b"\0\0\0\x1cftypavif" + bytes(3000),
        "zip": b"PK\3\4" + bytes(3000), "random": random.Random(5).randbytes(20_000),
        "zeros": bytes(20_000), "elf": b"\x7fELF" + bytes(3000), "pdf": b"%PDF-1.7\n" + bytes(3000),
        "jpeg of 65535 x 65535": bytes(huge), "jpeg scans": scan_bomb(),
        "png of 2^31": png(2**31 - 1, 2**31 - 1), "png of 50000 x 50000": png(50_000, 50_000),
        "png of no size": png(0, 10), "png without data": png(300, 200),
        "png that inflates": png(16, 16, data=zlib.compress(bytes(200 * MIB), 9)),
        "png too large for memory": flat_png(7000, 7000),
        "png with a broken checksum": bytes(broken), "png cut": whole_png[:len(whole_png) // 2],
        "png of colour 5": png(100, 100, colour=5, data=zlib.compress(bytes(40_000))),
        "png of 3 bits": png(100, 100, depth=3, data=zlib.compress(bytes(40_000))),
        "png with a palette of 300": png(100, 100, colour=3, extra=chunk(b"PLTE", bytes(900)),
                                         data=zlib.compress(bytes(10_100))),
        "png without its palette": png(100, 100, colour=3, data=zlib.compress(bytes(10_100))),
        "png of short data": png(300, 200, data=zlib.compress(bytes(100))),
    }
    return out


class Hostile(CaptureTest):

    def decoders(self):
        out = []
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                command = (path / "cmdline").read_bytes().split(b"\0")
                status = (path / "status").read_text()
            except OSError:
                continue
            if b"--decode-images" in command and f"PPid:\t{self.daemon.child.process.pid}\n" in status:
                out.append(path)
        return out

    def field(self, path, name):
        for line in (path / "status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
        return 0

    def test_each_is_answered_and_hurts_nobody(self):
        self.serve()
        pictures = hostile_pictures()
        self.assertGreaterEqual(len(pictures), 60)
        good = self.add(self.hosts.put("a.example", "/good.jpg", jpeg("good")))
        self.assertEqual(302, self.thumbnail(good["id"]).status)
        own = pathlib.Path("/proc") / str(self.daemon.child.process.pid)
        ids = {name: self.add(self.hosts.put("a.example", f"/{n}", body))["id"]
               for n, (name, body) in enumerate(pictures.items())}
        watched = {"largest": 0, "seccomp": set(), "nice": set()}
        over = threading.Event()

        def watch():
            while not over.is_set():
                for path in self.decoders():
                    try:
                        watched["largest"] = max(watched["largest"], self.field(path, "VmPeak"))
                        # Confined before it is given anything; a moment of its start is seen, too.
                        watched["seccomp"].add(self.field(path, "Seccomp"))
                    except OSError:
                        pass
                time.sleep(0.01)
        watcher = threading.Thread(target=watch)
        watcher.start()
        before = self.field(own, "RssAnon")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = dict(zip(ids, pool.map(self.thumbnail, ids.values())))
            time.sleep(0.1)
            states = {n: a.status for n, a in answers.items() if a.status != 422}
            waits = []
            for _ in range(3):  # again, and somebody else meanwhile
                jobs = [pool.submit(self.thumbnail, number) for number in ids.values()]
                while any(not j.done() for j in jobs):
                    began = time.monotonic()
                    self.assertEqual(200, self.control.get("/livez").status)
                    waits.append(time.monotonic() - began)
        over.set()
        watcher.join()
        self.assertEqual({}, states)
        for answer in answers.values():
            self.assertEqual("application/problem+json", answer.headers["content-type"])
        waits.sort()
        self.assertLess(waits[len(waits) * 99 // 100], daemon.short_enough)
        if "san" not in os.environ.get("VINNY_BIN_DIR", "") and daemon.SLOW == 1:
            self.assertLess(watched["largest"] * 1024, 257 * MIB)
            self.assertIn(2, watched["seccomp"])
        # Bodies on their way count: eight of them, the largest of some megabytes.
        self.assertLess(self.field(own, "RssAnon") - before, 60 * 1024 * daemon.SLOW)
        self.assertEqual(302, self.thumbnail(good["id"]).status)
        self.assertEqual(1, len(self.objects()))
        self.assertEqual([(1,)], self.query("SELECT count(*) FROM thumbnails"))

    def test_a_decoder_that_dies_is_replaced(self):
        self.serve()
        for n in range(6):
            one = self.add(self.hosts.put("a.example", f"/{n}.jpg", jpeg(str(n))))
            self.assertEqual(302, self.thumbnail(one["id"]).status)
            for path in self.decoders():
                os.kill(int(path.name), 9)


class Crashes(CaptureTest):

    def test_no_row_without_its_object_and_no_object_without_its_row(self):
        self.begin()
        source = [self.hosts.put("a.example", f"/{n}.jpg", jpeg(str(n), 1200, 900))
                  for n in range(60)]
        rng = random.Random(int(os.environ.get("VINNY_SEED", "11")))
        ids = None
        for _ in range(CRASHES):
            with daemon.Daemon(self.place) as running:
                control = Control(self.place.socket, timeout=60)
                if ids is None:
                    ids = [control.request("POST", "/v1/captures", {"url": u}).json()["id"]
                           for u in source]
                self.work_until_killed(running, control, ids, rng)
        with daemon.Daemon(self.place) as running:
            self.control = Control(self.place.socket, timeout=90 * daemon.SLOW)
            self.query("UPDATE doomed_objects SET due_ms = 0")
            daemon.wait_until(
                lambda: self.query("SELECT count(*) FROM doomed_objects") == [(0,)],
                what="the removal of what nobody named")
            named = sorted(k for (k,) in self.query("SELECT key FROM thumbnails"))
            self.assertEqual(named, self.objects())
            uploads = sorted(k for (k,) in self.query(
                "SELECT location FROM captures WHERE origin = 1"))
            self.assertEqual(uploads, self.objects("captures"))
            outcome = self.assert_code(0, self.place.vinny("verify", "--json"))
            self.assertEqual(len(named), outcome.json()["run"]["counts"]["thumbnails_checked"])
            for number in ids:  # whatever was answered before, it can be had now
                self.assertEqual(302, self.thumbnail(number).status)

    def work_until_killed(self, running, control, ids, rng):
        stop = threading.Event()
        body = jpeg("U", 400, 300)

        def work(seed):
            own = random.Random(seed)
            while not stop.is_set():
                try:
                    what = own.random()
                    if what < 0.9:
                        label = own.choice(("small", "medium"))
                        control.get(f"/v1/captures/thumbnails/{own.choice(ids)}?label={label}")
                    else:
                        added = control.request("POST", "/v1/captures", body=body,
                                                headers={"Content-Type": "image/jpeg"})
                        if added.status == 201 and own.random() < 0.5:
                            control.request("DELETE", f"/v1/captures/{added.json()['id']}")
                except (OSError, ValueError, http.client.HTTPException):
                    time.sleep(0.01)
        threads = [threading.Thread(target=work, args=(rng.random(),)) for _ in range(6)]
        for one in threads:
            one.start()
        time.sleep(rng.uniform(0.02, 0.6) * daemon.SLOW)
        running.child.kill()
        stop.set()
        for one in threads:
            one.join()


if __name__ == "__main__":
    unittest.main()
