# SPDX-License-Identifier: MIT
"""The herbarium system's numbered behaviours, each by its number (where a decision changed one, the
decision's), and each of its defects, which must be absent. Keys of images (4.3) are held by
unit/specimens/source/image_reference_test, damage by damage_test, kills by specimen_crash_test."""
import json
import unittest

from PIL import Image

from specimen_cases import SpecimenTest, jpeg
import daemon
import pictures

ONCE = {"delay_ms": 0, "concurrency": 4, "retries": 0, "robots": False}
SMALL = {"longest_edge": 0, "verify": "structure"}


class Numbered(SpecimenTest):

    def offer(self, gbif_id, path="/1.jpg", body=None, host="a.example", **answer):
        url = self.herbaria.put(host, path, jpeg("A", 400, 300) if body is None else body, **answer)
        self.specimen(gbif_id, url)
        return url

    def download(self, code=0, **tables):
        tables.setdefault("politeness", ONCE)
        self.begin(**tables)
        return self.again(code)

    def again(self, code=0):
        return self.assert_code(code, self.place.vinny("specimens", "download"))

    def ingest_again(self):
        path = self.place.root / "multimedia.txt"
        path.write_text("gbifID\ttype\tidentifier\n" + "".join(self.rows))
        return self.assert_code(0, self.place.vinny("specimens", "ingest", path, "--json"))

    def states(self):
        return {i >> 16: state for i, state in self.query(
            "SELECT id, state FROM specimen_images WHERE state < 8")}


class Schema(Numbered):

    def test_4_1_1_an_image_has_id_number_candidates_host_state_and_failure(self):
        self.specimen(5, "http://a.example/full/200,/0/default.jpg",
                      self.herbaria.put("a.example", "/x/full/max/0/default.jpg", b"", status=404))
        self.specimen(5, "http://a.example/x/full/300,/0/default.jpg")
        self.download(3)
        rows = self.query("SELECT i.id >> 16, i.id & 65535, h.name, i.state, i.urls, f.reason, "
                          "f.http_status, f.attempts, length(f.detail) <= 2000 FROM specimen_images "
                          "i JOIN specimen_hosts h ON h.id = i.host JOIN specimen_failures f ON "
                          "f.id = i.id ORDER BY 1, 2")
        self.assertEqual([(5, 0), (5, 1)], [row[:2] for row in rows])
        self.assertEqual((5, 1, "a.example", 3, "http://a.example/x/full/max/0/default.jpg\n"
                          "http://a.example/x/full/300,/0/default.jpg", "http_404", 404, 1, 1),
                         rows[1])

    def test_4_1_2_and_4_a_specimens_status_follows_its_images_and_claims_use_an_index(self):
        self.offer(5)
        self.download()
        self.assertEqual({"images.success": 1, "gbif_ids.done": 1}, self.totals())
        plan = self.query("EXPLAIN QUERY PLAN SELECT id, urls FROM specimen_images WHERE state = 0 "
                          "AND host = 1 AND id > 7 ORDER BY id LIMIT 9")
        self.assertIn("specimen_images_pending", str(plan))

    def test_4_1_3_a_host_has_errors_a_rest_and_a_quarantine(self):
        self.offer(5, status=500)
        self.download(3, politeness={**ONCE, "quarantine_errors": 1})
        self.assertEqual([("a.example", 1, True)], self.query(
            "SELECT host, errors, quarantined_at <> '' FROM hosts"))


class States(Numbered):

    def test_4_2_6_to_9_states_types_and_flags(self):
        self.offer(1, "/ok.jpg")
        self.offer(2, "/429.jpg", b"", status=429, host="b.example")
        self.offer(3, "/503.jpg", b"", status=503, host="c.example")
        self.offer(4, "/408.jpg", b"", status=408)
        self.offer(5, "/cut.jpg", jpeg("A")[:5000])
        self.offer(6, "/404.jpg", b"", status=404)
        self.offer(7, "/206.jpg", status=206)
        self.offer(8, "/301.jpg", b"", status=301)
        self.offer(9, "/page.jpg", b"<html>" + b"not here " * 300, kind="text/html")
        self.offer(10, "/manifest", b"{}", kind="application/json")
        self.offer(11, "/raw.dng", b"II*\0" + bytes(5000), kind="image/x-adobe-dng")
        self.specimen(12, "ftp://a.example/1.jpg")
        self.download(3)
        found = {gbif_id: reason for gbif_id, (reason, _) in self.failures().items()}
        self.assertEqual({2: "rate_limited", 3: "server_error", 4: "timeout", 6: "http_404",
                          7: "http_206", 8: "http_301", 9: "not_an_image", 10: "manifest_error"},
                         {k: v for k, v in found.items() if k != 5})
        self.assertIn(found[5], ("truncated", "image_corrupt"))
        # Exhausted (4) is the state of the transient ones whose attempts are used up.
        self.assertEqual({1: 1, 2: 4, 3: 4, 4: 4, 5: 4, 6: 3, 7: 3, 8: 3, 9: 3, 10: 4, 11: 1},
                         self.states())
        self.assertEqual(1, self.totals()["files.raw_unprocessed"])  # a flag of a success
        self.assertEqual([("bad_url", 1)], self.query(
            "SELECT reason, count(*) FROM specimen_rejects GROUP BY 1"))

    def test_4_2_10_four_attempts_in_all_and_what_lies_on_disk_costs_none(self):
        self.offer(1, body=b"", status=500)
        self.offer(2, "/2.jpg", host="b.example")
        self.download(3, politeness={**ONCE, "retries": 3}, specimens=SMALL)
        self.assertEqual({1: ("server_error", 4)}, self.failures())
        self.assertEqual(4, len([p for h, p in self.herbaria.images_asked() if h == "a.example"]))
        self.assert_code(0, self.place.vinny("specimens", "ingest", self.place.root /
                                             "multimedia.txt", "--finalize-only"))
        # Under a new catalog, what lies there is recorded.
        for name in self.place.data.glob("vinny.db*"):
            name.unlink()
        self.ingest_again()
        del self.herbaria.asked[:]
        self.again(3)
        self.assertEqual({"a.example"}, {host for host, _ in self.herbaria.images_asked()})

    def test_4_2_11_the_roll_up(self):
        self.offer(1), self.offer(1, "/b.jpg")                               # all: done
        self.offer(2), self.offer(2, "/gone.jpg", b"", status=404)          # nothing left: failed
        self.offer(3, "/gone-too.jpg", b"", status=404)
        self.download(3)
        self.assertEqual((1, 2), (self.totals()["gbif_ids.done"], self.totals()["gbif_ids.failed"]))
        self.offer(2, "/new.jpg", b"", status=404)
        self.offer(4, "/new2.jpg")
        self.ingest_again()
        self.assertEqual((1, 1), (self.totals()["gbif_ids.partial"],
                                  self.totals()["gbif_ids.pending"]))

    def test_4_2_13_the_rows_host_is_the_one_that_gave_the_image(self):
        self.herbaria.put("a.example", "/x/full/max/0/default.jpg", b"", status=404)
        self.specimen(1, "http://a.example/x/full/max/0/default.jpg")
        self.herbaria.put("b.example", "/moved.jpg", jpeg("A"))
        self.herbaria.put("a.example", "/x/full/900,/0/default.jpg", b"", status=302,
                          Location="http://b.example/moved.jpg")
        self.specimen(1, "http://a.example/x/full/900,/0/default.jpg")
        self.download()
        self.assertEqual([("b.example",)], self.query(
            "SELECT name FROM specimen_images JOIN specimen_hosts h ON h.id = host"))


class Build(Numbered):

    def test_4_4_18_to_29_stages_flags_and_what_is_read(self):
        self.place = daemon.Workplace(self.herbaria)
        self.addCleanup(self.place.remove)
        path = self.place.root / "multimedia.txt"
        # 20: bad lines are counted and kept; columns by name; the order of the file within an id.
        path.write_text("gbifID\ttitle\tidentifier\n" "7\t\thttp://a.example/b.jpg\n"
                        "7\t\"an open quote\thttp://a.example/a.jpg\n" "7\t\t\n" "x\t\thttp://a.example/\n"
                        "8\t\thttp://a.example/i/full/200,/0/default.jpg\n"
                        "8\t\thttp://a.example/i/manifest\n"
                        "8\t\thttp://a.example/i/full/max/0/default.jpg\n"
                        "8\t\thttp://a.example/i/full/1600,/0/default.jpg\n")
        run = lambda *more: self.place.vinny("specimens", *more)
        self.assert_code(2, run("ingest"))                                        # 18, 19
        self.assertIn("no catalog", self.assert_code(1, run("status")).err)
        said = json.loads(self.assert_code(0, run("ingest", path, "--json")).out.splitlines()[-1])
        self.assertEqual({"rows": 8, "rejected": 2, "images": 3, "gbif_ids": 2},
                         {k: said[k] for k in ("rows", "rejected", "images", "gbif_ids")})
        rows = self.query("SELECT id >> 16, id & 65535, urls FROM specimen_images ORDER BY id")
        # 21: numbers by first appearance. 22: the largest first, of two alike the image itself.
        self.assertEqual([(7, 0, "http://a.example/b.jpg"), (7, 1, "http://a.example/a.jpg"),
                          (8, 0, "\n".join(f"http://a.example/i/{end}" for end in (
                              "full/max/0/default.jpg", "full/1600,/0/default.jpg", "manifest",
                              "full/200,/0/default.jpg")))], rows)
        # 24, 27, 28: the counts, and that they can be made again.
        self.assertEqual({"images.pending": 3, "gbif_ids.pending": 2}, self.totals())
        self.assert_code(0, run("ingest", "--finalize-only"))
        self.assertEqual({"images.pending": 3, "gbif_ids.pending": 2}, self.totals())
        # 29: the end tells the counts; nothing is written over on a log.
        told = self.assert_code(0, run("ingest", path)).out
        self.assertIn("3 distinct, of 2 specimens", told)
        self.assertNotIn("\r", told)


class Download(Numbered):

    def test_4_5_30_and_31_nothing_to_do_is_well_and_one_run_a_catalog(self):
        self.offer(1)
        self.download()
        self.again()
        self.assertEqual(1, len(self.herbaria.images_asked()))

    def test_4_5_32_and_33_the_path_and_the_first_usable_candidate(self):
        self.herbaria.put("a.example", "/x/full/max/0/default.jpg", b"<html>" * 400)
        self.specimen(1245780001, "http://a.example/x/full/max/0/default.jpg",
                      self.herbaria.put("a.example", "/x/full/600,/0/default.jpg", jpeg("B")))
        self.offer(12345, "/short.jpg")
        self.download()
        self.assertTrue(self.file(1245780001).exists())
        self.assertTrue((self.place.data / "specimens/124/578/1245780001-00.jpg").exists())
        self.assertTrue((self.place.data / "specimens/123/45/12345-00.jpg").exists() or
                        (self.place.data / "specimens/123/000/12345-00.jpg").exists())

    def test_4_5_36_certificates_are_verified_and_the_user_agent_names_us(self):
        self.offer(1)
        self.download()
        # The whole of TLS is wire/tls_test's; that nothing turns it off, the configuration's.
        self.assertNotIn("insecure", self.assert_code(0, self.place.vinny("config", "show")).out)

    def test_4_5_37_a_host_that_says_429_rests_as_long_as_it_asks_over_a_restart(self):
        self.offer(1, body=b"", status=429, Retry_After="3600")
        self.offer(2, "/2.jpg")
        self.offer(3, "/3.jpg", host="b.example")
        self.download(5, politeness={**ONCE, "retries": 3, "concurrency": 1})
        asked = len(self.herbaria.images_asked())
        self.again(5)
        self.assertEqual(asked, len(self.herbaria.images_asked()))
        self.assertEqual(1, self.states()[3])

    def test_4_5_40_a_page_under_an_image_type_is_a_page_and_its_text_is_kept(self):
        page = b"<!DOCTYPE html><html><style>x{}</style><script>y()</script><b>Moved</b> &amp; gone"
        self.offer(1, body=page + b" again" * 400)
        self.offer(2, "/2.jpg", b'{"error": "no such image"}' + b" " * 2000)
        self.download(3)
        detail = dict(self.query("SELECT id >> 16, detail FROM specimen_failures"))
        self.assertTrue(detail[1].startswith("[image/jpeg] Moved & gone again"), detail[1])
        self.assertLessEqual(len(detail[1]), 2000)
        self.assertIn("no such image", detail[2])

    def test_4_5_41_too_few_bytes_are_a_truncated_file(self):
        self.offer(1, body=jpeg("A")[:900])
        self.download(3)
        self.assertEqual({1: ("truncated", 1)}, self.failures())

    def test_4_5_42_longest_edge_1024_never_up_white_progressive(self):
        self.offer(1, body=jpeg("A", 3000, 1500))
        self.offer(2, "/2.jpg", jpeg("B", 300, 200))
        self.offer(3, "/3.png", pictures.transparent_png("C", 1400, 700), kind="image/png")
        self.download()
        for gbif_id, size in ((1, (1024, 512)), (2, (300, 200)), (3, (1024, 512))):
            with Image.open(self.file(gbif_id)) as image:
                self.assertEqual(("JPEG", "RGB", size), (image.format, image.mode, image.size))
                self.assertTrue(image.info.get("progressive"))
        with Image.open(self.file(3)) as image:
            self.assertTrue(all(channel > 240 for channel in image.getpixel((2, 2))))

    def test_4_5_43_camera_raws_are_kept_as_they_came(self):
        body = b"II*\0" + bytes(range(256)) * 20
        for number, (path, kind) in enumerate((("/a.NEF", "application/octet-stream"),
                                               ("/b.tif", "image/tiff"), ("/c", "image/x-unheard"))):
            self.offer(124578000 + number, path, body, kind=kind)
        self.download()
        for number, extension in enumerate(("nef", "tif", "raw")):
            self.assertEqual(body, self.file(124578000 + number, extension).read_bytes())

    def test_4_5_44_of_several_failures_the_one_that_may_pass_is_recorded(self):
        self.herbaria.put("a.example", "/x/full/max/0/default.jpg", b"", status=404)
        self.herbaria.put("a.example", "/x/full/800,/0/default.jpg", b"", status=500)
        self.specimen(1, "http://a.example/x/full/max/0/default.jpg",
                      "http://a.example/x/full/800,/0/default.jpg")
        self.download(3)
        self.assertEqual({1: ("server_error", 1)}, self.failures())


class Reports(Numbered):

    def test_4_5_46_the_log_has_no_line_an_image_and_a_last_one_that_counts(self):
        for i in range(40):
            self.specimen(460000000 + i, self.herbaria.put("a.example", f"/{i}.jpg", jpeg("L", 300, 200)))
        self.specimen(460000100, self.herbaria.put("a.example", "/page", b"<html>no</html>" * 90))
        self.begin()
        with daemon.Daemon(self.place) as service:
            self.assert_code(3, self.place.vinny("specimens", "download"))
            log = [json.loads(line) for line in service.stop().err.splitlines()]
        of_images = [line for line in log if line["step"] == "specimens"]
        self.assertEqual(["http://a.example/page"], [line["url"] for line in of_images])
        last = [line for line in log if line["message"] == "finished"][-1]
        self.assertEqual((40, 1, "partial"), (last["images"], last["failed"], last["state"]))

    def test_4_6_47_to_51_the_report_beside_a_writer_and_how_work_is_opened_again(self):
        self.offer(1)
        self.offer(2, "/2.jpg", b"", status=500, host="b.example")
        self.download(3)
        running = self.start_daemon(self.place)  # holds the catalog
        folder = self.folder("reports")
        told = self.assert_code(0, self.place.vinny("specimens", "status", "--output-dir", folder))
        self.assertEqual(1, len(list(folder.glob("summary_????????????.txt"))))
        sections = ["GBIFID PROGRESS", "DISTINCT-IMAGE PROGRESS", "FAILURES BY TYPE",
                    "RETRY ATTEMPTS", "NON-IMAGE RESPONSES BY HOST", "TOP 20 HOSTS BY FAILED IMAGES",
                    "CIRCUIT BREAKER / COOLDOWNS", "NOTES"]
        places = [told.out.upper().find(one) for one in sections]
        self.assertEqual(sorted(places), places, told.out)
        self.assertGreater(places[0], 0, told.out)
        self.assert_code(0, self.place.vinny("specimens", "check"))
        self.assert_code(0, running.stop())
        # 51: more attempts open what was given up.
        text = self.place.config.read_text("utf-8").replace("retries = 0", "retries = 1")
        self.place.config.write_text(text, "utf-8")
        self.herbaria.put("b.example", "/2.jpg", jpeg("B"))
        self.again()
        self.assertEqual({1: 1, 2: 1}, self.states())


class Defects(Numbered):

    def test_4_7_54_a_blocked_host_is_never_a_permanent_failure(self):
        self.offer(1, "/busy", b"", status=429, host="b.example", Retry_After="3600")
        self.specimen(2, self.herbaria.put("b.example", "/iiif/manifest", b"{}"))
        self.download(5, politeness={**ONCE, "concurrency": 1, "retries": 3})
        self.assertEqual({0}, {self.states()[2]})

    def test_4_7_55_more_attempts_open_work_again(self):
        self.offer(1, body=b"", status=500)
        self.download(3)
        self.assertEqual({1: 4}, self.states())
        self.herbaria.put("a.example", "/1.jpg", jpeg("A"))
        text = self.place.config.read_text("utf-8").replace("retries = 0", "retries = 2")
        self.place.config.write_text(text, "utf-8")
        self.again()
        self.assertEqual({1: 1}, self.states())

    def test_4_7_56_a_stray_quote_swallows_nothing(self):
        self.place = daemon.Workplace(self.herbaria)
        self.addCleanup(self.place.remove)
        path = self.place.root / "multimedia.txt"
        path.write_text('gbifID\ttitle\tidentifier\n1\t"A plant\thttp://a.example/1.jpg\n'
                        '2\tanother\thttp://a.example/2.jpg\n')
        self.assert_code(0, self.place.vinny("specimens", "ingest", path))
        self.assertEqual({"images.pending": 2, "gbif_ids.pending": 2}, self.totals())

    def test_4_7_57_each_5xx_and_429_is_seen_as_what_it_is(self):
        for number, status in enumerate((500, 502, 503, 504, 429)):
            self.offer(number + 1, f"/{status}", b"", status=status, host=f"h{status}.example",
                       Retry_After="1")
        self.download(3)
        self.assertEqual(["server_error"] * 4 + ["rate_limited"],
                         [self.failures()[n][0] for n in range(1, 6)])
        self.assertEqual({500, 502, 503, 504, 429},
                         {s for s, in self.query("SELECT http_status FROM specimen_failures")})

    def test_4_7_58_counting_again_keeps_every_state(self):
        self.offer(1, body=b"", status=404)
        self.offer(2, "/2.jpg")
        self.download(3)
        before = self.totals()
        self.assertEqual((1, 1), (before["gbif_ids.failed"], before["gbif_ids.done"]))
        self.check_counts()

    def test_4_7_60_orientation_is_applied_the_101st_image_has_its_name_and_urls_come_first(self):
        self.offer(124578001, body=pictures.rotated_jpeg("A", 600, 1200))
        for n in range(101):
            self.offer(124578002, f"/m/{n}.jpg", jpeg("B", 300, 200))
        manifest = self.herbaria.put("a.example", "/z/manifest", b"{}")
        self.specimen(124578003, manifest,
                      self.herbaria.put("a.example", "/z/full/max/0/default.jpg", jpeg("C")))
        self.download()
        with Image.open(self.file(124578001)) as image:
            self.assertEqual((512, 1024), image.size)
        self.assertTrue(self.file(124578002, number=100).exists())
        self.assertNotIn(("a.example", "/z/manifest"), self.herbaria.images_asked())


if __name__ == "__main__":
    unittest.main()
