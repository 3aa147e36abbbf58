# SPDX-License-Identifier: MIT
"""`vinny specimens download` against herbaria on loopback: what is kept, what is refused and why,
what is asked again and what is not."""
import hashlib
import io
import json
import os
import random
import re
import sqlite3
import time
import unittest

from PIL import Image

from specimen_cases import SpecimenTest, jpeg  # first: it knows where the supports are
import daemon
import pictures


class Specimens(SpecimenTest):

    def test_images_are_fetched_once_verified_and_made_small(self):
        put = self.herbaria.put
        source = jpeg("A")
        self.specimen(124578001, put("a.example", "/1.jpg", source))
        self.specimen(124578002, put("b.example", "/2.png",
                                     pictures.transparent_png("B", 700, 500), "image/png"))
        self.specimen(124578003, put("a.example", "/3_large.jpg", jpeg("C", 800, 600)),
                      put("a.example", "/4.jpg", jpeg("D", 300, 1500)))
        # The best of the candidates is gone; the next one is there.
        iiif = "/iiif/5"
        put("c.example", iiif + "/full/max/0/default.jpg", b"gone", status=410)
        self.specimen(124578005, f"http://c.example{iiif}/full/max/0/default.jpg",
                      put("c.example", iiif + "/full/1600,/0/default.jpg", jpeg("E")))
        self.begin()
        self.assert_code(0, self.place.vinny("specimens", "download"))
        self.assertEqual({}, self.failures())
        self.assertEqual({"images.success": 5, "gbif_ids.done": 4}, self.totals())
        for gbif_id, number, size in ((124578001, 0, (1024, 768)), (124578002, 0, (700, 500)),
                                      (124578003, 0, (800, 600)), (124578003, 1, (205, 1024)),
                                      (124578005, 0, (1024, 768))):
            with Image.open(self.file(gbif_id, number=number)) as image:
                image.load()
                self.assertEqual(("JPEG", size), (image.format, image.size))
        for number, sha, length in self.query("SELECT id, sha256, bytes FROM specimen_files"):
            body = self.file(number >> 16, number=number & 0xFFFF).read_bytes()
            self.assertEqual((hashlib.sha256(body).digest(), len(body)), (sha, length))
        self.check_counts()
        status = self.status()
        self.assertEqual({"total": 4, "done": 4, "partial": 0, "pending": 0, "failed": 0},
                         status["gbif_ids"])
        self.assertEqual((5, 5, 0), tuple(status["images"][k] for k in
                                          ("total", "success", "pending")))
        asked = len(self.herbaria.asked)
        self.assert_code(0, self.place.vinny("specimens", "download"))
        self.assertEqual(asked, len(self.herbaria.asked))
        # Without its catalog, the files that are there are found and not fetched.
        rows = "SELECT id, sha256, width, height, kind FROM specimen_files ORDER BY 1"
        before = self.query(rows)
        for path in self.place.data.glob("vinny.db*"):
            path.unlink()
        self.assert_code(0, self.place.vinny(
            "specimens", "ingest", self.place.root / "multimedia.txt"))
        self.assert_code(0, self.place.vinny("specimens", "download"))
        self.assertEqual(before, self.query(rows))
        self.assertEqual([], [path for _, path, _ in self.herbaria.asked[asked:]])
        # After a reset, a file may be of another image than its name says now.
        self.assert_code(0, self.place.vinny(
            "specimens", "ingest", self.place.root / "multimedia.txt", "--reset"))
        self.assert_code(0, self.place.vinny("specimens", "download"))
        self.assertEqual(before, self.query(rows))
        self.assertGreaterEqual(len(self.herbaria.asked) - asked, 5)

    def test_what_is_no_image_is_kept_as_a_reason(self):
        put = self.herbaria.put
        whole = jpeg("A")
        page = b"<html><head><script>x()</script></head><body>This image is <b>gone</b>.</body></html>"
        self.specimen(200000001, put("a.example", "/1.jpg", page))
        self.specimen(200000002, "http://a.example/2.jpg")
        self.specimen(200000003, put("a.example", "/3.jpg", b"", status=503))
        self.specimen(200000004, put("a.example", "/4.jpg", whole[:len(whole) // 2]))
        self.specimen(200000005, put("a.example", "/5.jpg", whole[:500]))
        self.specimen(200000006, put("a.example", "/6.jpg", whole[:2000],
                                     Content_Length=str(len(whole))))
        self.specimen(200000007, put("a.example", "/7.jpg", b"", status=403))
        tiff = io.BytesIO()
        Image.new("RGB", (300, 200), "green").save(tiff, "TIFF")
        self.specimen(200000008, put("a.example", "/8.tif", tiff.getvalue(), "image/tiff"))
        self.specimen(200000009, put("a.example", "/9.dng", b"II*\0" + bytes(5000),
                                     "application/octet-stream"))
        self.begin(politeness={"delay_ms": 0, "retries": 1, "breaker_failures": 1000})
        self.assert_code(3, self.place.vinny("specimens", "download"))
        self.assertEqual({200000001: ("not_an_image", 1), 200000002: ("http_404", 1),
                          200000003: ("server_error", 2), 200000004: ("image_corrupt_again", 2),
                          200000005: ("truncated", 2), 200000006: ("truncated", 2),
                          200000007: ("http_403", 1)}, self.failures())
        self.assertEqual({"images.success": 2, "images.failed_permanent": 4, "images.exhausted": 3,
                          "gbif_ids.done": 2, "gbif_ids.failed": 7, "files.raw_unprocessed": 2},
                         self.totals())
        detail = self.query("SELECT detail FROM specimen_failures WHERE reason = 'not_an_image'")
        self.assertEqual([("[image/jpeg] This image is gone .",)], detail)
        status = self.status()
        self.assertEqual({"total": 9, "done": 2, "partial": 0, "pending": 0, "failed": 7},
                         status["gbif_ids"])
        self.assertEqual((9, 2, 0, 3, 4, 2), tuple(status["images"][k] for k in (
            "total", "success", "pending", "failed_transient", "failed_permanent",
            "raw_unprocessed")))
        self.assertEqual(tiff.getvalue(), self.file(200000008, "tif").read_bytes())
        self.assertTrue(self.file(200000009, "dng").exists())
        self.check_counts()
        # Allowing more attempts opens what was exhausted, and nothing else.
        self.herbaria.put("a.example", "/3.jpg", whole)
        asked = len(self.herbaria.asked)
        self.place.configure(politeness={"delay_ms": 0, "retries": 2, "breaker_failures": 1000})
        self.assert_code(3, self.place.vinny("specimens", "download"))
        self.assertEqual(["/3.jpg", "/5.jpg", "/6.jpg"],
                         sorted(path for _, path, _ in self.herbaria.asked[asked:]))
        self.assertEqual(3, self.totals()["images.success"])

    def test_the_report_and_the_check(self):
        for i in range(1, 4):
            self.specimen(700000000 + i, self.herbaria.put("a.example", f"/{i}.jpg", jpeg(f"R{i}")))
        self.specimen(700000009, self.herbaria.put("a.example", "/9.jpg", b"<html>Sorry</html>" * 99))
        self.begin()
        self.assert_code(3, self.place.vinny("specimens", "download"))
        reports = self.place.root / "reports"
        text = self.assert_code(0, self.place.vinny("specimens", "status", "--output-dir", reports)).out
        (written,) = reports.iterdir()
        self.assertRegex(written.name, r"^summary_\d{12}\.txt$")
        self.assertEqual(text, written.read_text())
        at = -1
        for title in ("GBIFID PROGRESS", "DISTINCT-IMAGE PROGRESS", "FAILURES BY TYPE",
                      "RETRY ATTEMPTS", "NON-IMAGE RESPONSES BY HOST",
                      "TOP 20 HOSTS BY FAILED IMAGES", "CIRCUIT BREAKER / COOLDOWNS", "NOTES",
                      str(written)):
            self.assertGreater(text.index(title), at)
            at = text.index(title)
        self.assertIn("Sorry", text)
        self.assertRegex(text, r"list +multimedia\.txt, read 20")
        told = self.status()
        with daemon.Daemon(self.place) as service:  # the page asks the daemon for the same
            answer = service.control.get("/v1/specimens").json()
        self.assertEqual({**told, "at": 0}, {**answer, "at": 0})
        self.assertEqual([], answer["queue"])
        self.assert_code(0, self.place.vinny("specimens", "check"))
        self.file(700000001).unlink()
        self.file(700000002).write_bytes(b"x" * 3000)
        found = self.assert_code(9, self.place.vinny("specimens", "check", "--json")).json()
        self.assertEqual(([], True), (found["integrity"], found["counts_agree"]))
        self.assertLessEqual(set(found["files"]["missing"]), {"specimens/700/000/700000001-00.jpg"})
        self.assertLessEqual(set(found["files"]["changed"]), {"specimens/700/000/700000002-00.jpg"})

    def test_a_host_that_wants_a_rest_loses_nothing_and_costs_the_others_nothing(self):
        put = self.herbaria.put
        for i in range(40):
            self.specimen(300000001 + i, put("busy.example", f"/{i}.jpg", b"", status=429,
                                             Retry_After="3600"))
            self.specimen(400000001 + i, put("good.example", f"/{i}.jpg", jpeg(f"G{i % 3}", 300, 200)))
        # The only other way is a manifest at the busy host: put off, never "no address".
        self.specimen(500000001, put("busy.example", "/m/manifest.json", b"", status=429,
                                     Retry_After="3600"))
        self.begin(politeness={"delay_ms": 0, "patience_s": 0})
        outcome = self.assert_code(5, self.place.vinny("specimens", "download"))
        self.assertIn("busy.example", outcome.err)
        totals = self.totals()
        self.assertEqual(40, totals["images.success"])
        self.assertEqual(0, totals.get("images.failed_permanent", 0))
        self.assertEqual(41, totals.get("images.pending", 0) + totals.get("images.failed_transient", 0))
        self.assertLess(len([h for h, _ in self.herbaria.images_asked() if h == "busy.example"]), 12)
        self.check_counts()

    def test_killed_downloads_end_as_one_that_was_not(self):
        picture = [jpeg(f"K{i}", 500, 400) for i in range(5)]
        for i in range(400):
            self.specimen(800000001 + i // 2, self.herbaria.put(
                f"h{i % 20}.example", f"/{i}.jpg", picture[i % 5] if i % 40 else b"<html>x</html>"))
        self.begin(politeness={"delay_ms": 0, "concurrency": 2})
        began = time.monotonic()
        self.assert_code(3, self.place.vinny("specimens", "download"))
        took = time.monotonic() - began
        rows = "SELECT i.id, i.state, sha256 FROM specimen_images i LEFT JOIN specimen_files f " \
               "ON f.id = i.id ORDER BY 1"
        wanted, totals = self.query(rows), self.totals()
        files = sorted(p.name for p in (self.place.data / "specimens").rglob("*.jpg"))
        chance = random.Random(seed := int(os.environ.get("VINNY_SEED") or random.randrange(1 << 30)))
        with self.subTest(seed=seed):
            for _ in range(int(os.environ.get("VINNY_CRASHES", "12")) // 4):
                self.place.wipe()
                self.assert_code(0, self.place.vinny(
                    "specimens", "ingest", self.place.root / "multimedia.txt"))
                asked = len(self.herbaria.images_asked())
                for _ in range(4):
                    child = self.place.start("specimens", "download")
                    time.sleep(took * chance.uniform(0.1, 0.6))
                    child.kill()
                    for number, extension in self.query("SELECT id, extension FROM specimen_files"):
                        self.assertTrue(self.file(number >> 16, extension, number & 0xFFFF).exists())
                last = self.place.vinny("specimens", "download")
                self.assertIn(last.code, (0, 3), str(last))
                self.assertEqual(wanted, self.query(rows))
                self.assertEqual(totals, self.totals())
                self.assertEqual(files, sorted(
                    p.name for p in (self.place.data / "specimens").rglob("*.jpg")))
                # Each kill costs at most what was under way.
                again = len(self.herbaria.images_asked()) - asked - 400
                self.assertLessEqual(again, 4 * 64)
                self.check_counts()

    def test_manifests_of_both_presentations_lead_to_their_image(self):
        put = self.herbaria.put
        for number, version in ((1, "full"), (2, "max")):
            put("iiif.example", f"/i/{number}/full/{version}/0/default.jpg", jpeg(f"M{number}"))
        service2 = {"@context": "http://iiif.io/api/image/2/context.json",
                    "@id": "http://iiif.example/i/1", "profile": "http://iiif.io/api/image/2/level1.json"}
        second = {"sequences": [{"canvases": [{"images": [{"resource": {
            "@id": "http://iiif.example/elsewhere.jpg", "service": service2}}]}]}]}
        third = {"items": [{"items": [{"items": [{"body": {"type": "Choice", "items": [
            {"id": "http://iiif.example/x.jpg", "service": [
                {"id": "http://iiif.example/i/2", "type": "ImageService3"}]}]}}]}]}]}
        plain = {"items": [{"items": [{"items": [{"body": {
            "id": put("iiif.example", "/plain.jpg", jpeg("P"))}}]}]}]}
        for number, document in enumerate((second, third, plain), 1):
            self.specimen(600000000 + number, put("iiif.example", f"/{number}/manifest.json",
                                                  json.dumps(document).encode(), "application/json"))
        self.specimen(600000009, put("iiif.example", "/9/manifest.json", b"{}", "application/json"))
        self.begin(politeness={"delay_ms": 0, "retries": 0})
        self.assert_code(3, self.place.vinny("specimens", "download"))
        self.assertEqual(3, self.totals()["images.success"])
        self.assertEqual({600000009: ("manifest_error", 1)}, self.failures())

    def test_large_bodies_do_not_fill_the_memory(self):
        # What follows the end of an image is ignored, and makes a body of any size.
        self.large = {}
        for number in range(12):
            body = jpeg(f"L{number}", 640, 480) + bytes(24 << 20)
            self.large[8_000_001 + number] = hashlib.sha256(body).hexdigest()
            self.specimen(8_000_001 + number, self.herbaria.put("big.example", f"/{number}.jpg", body))
        page = b"<html>" + b"x" * (24 << 20)
        self.specimen(8_000_100, self.herbaria.put("big.example", "/page.html", page, "text/html"))
        self.specimen(8_000_101, self.herbaria.put("big.example", "/gone", page, "text/html", 404))
        self.begin(politeness={"delay_ms": 0, "concurrency": 12},
                   specimens={"longest_edge": 0, "verify": "structure"})
        child = self.place.start("specimens", "download")
        most = 0
        while child.running():
            try:
                with open(f"/proc/{child.process.pid}/status", encoding="ascii") as status:
                    found = re.search(r"RssAnon:\s+(\d+)", status.read())
                most = max(most, int(found[1]) // 1024 if found else 0)
            except (FileNotFoundError, ProcessLookupError):
                pass
            time.sleep(0.01)
        self.assert_code(3, child.wait())
        for gbif_id, digest in self.large.items():
            self.assertEqual(digest, hashlib.sha256(self.file(gbif_id).read_bytes()).hexdigest())
        self.assertEqual({8_000_100: ("not_an_image", 1), 8_000_101: ("http_404", 1)}, self.failures())
        self.assertEqual([], list((self.place.data / ".vinny-tmp").glob("*")))
        if daemon.SLOW == 1:
            self.assertLess(most, 150)   # MiB; the bodies have 288


if __name__ == "__main__":
    unittest.main()
