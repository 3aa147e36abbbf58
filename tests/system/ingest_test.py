# SPDX-License-Identifier: MIT
"""`vinny specimens ingest` by its binary: lists of all kinds, newer lists, kills, refusals.
VINNY_CRASHES (default 12) kills are shared out over one ingest after the other."""
import gzip
import json
import os
import pathlib
import random
import sqlite3
import sys
import time
import unittest
import zipfile

from cases import SystemTest
import daemon

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
import list_generator  # noqa: E402

META = """<archive xmlns="http://rs.tdwg.org/dwc/text/">
<core encoding="UTF-8" fieldsTerminatedBy="\\t" linesTerminatedBy="\\n" fieldsEnclosedBy=""
 ignoreHeaderLines="1" rowType="http://rs.tdwg.org/dwc/terms/Occurrence">
<files><location>occurrence.txt</location></files><id index="0"/></core>
<extension encoding="UTF-8" fieldsTerminatedBy="\\t" linesTerminatedBy="\\n" fieldsEnclosedBy=""
 ignoreHeaderLines="1" rowType="http://rs.gbif.org/terms/1.0/Multimedia">
<files><location>multimedia.txt</location></files><coreid index="0"/>
<field index="1" term="http://purl.org/dc/terms/type"/>
<field index="3" term="http://purl.org/dc/terms/identifier"/></extension></archive>"""


class NoOrigin:
    """A workplace needs none here: nothing is fetched."""

    def config(self, data, socket, **_):
        return f'data_dir = "{data}"\n[control]\nsocket = "{socket}"\n'


class Ingest(SystemTest):

    def setUp(self):
        self.place = daemon.Workplace(NoOrigin())
        self.addCleanup(self.place.remove)
        self.lists = self.folder("lists")

    def list_of(self, rows, name="multimedia.txt", seed=1):
        path = self.lists / name
        self.distinct = list_generator.write(path, rows, seed)
        return path

    def ingest(self, path, *flags, code=0):
        return self.assert_code(code, self.place.vinny("specimens", "ingest", path, "--json", *flags))

    def query(self, sql):
        with sqlite3.connect(f"file:{self.place.data}/vinny.db?mode=ro", uri=True) as base:
            rows = base.execute(sql).fetchall()
        base.close()
        return rows

    def images(self):
        return self.query("SELECT i.id, name, state, urls FROM specimen_images i JOIN specimen_hosts h "
                          "ON h.id = host ORDER BY 1")

    def totals(self):
        return dict(self.query("SELECT name, n FROM specimen_totals WHERE n <> 0"))

    def test_a_list_in_every_wrapping_gives_the_same(self):
        path = self.list_of(30_000)
        text = path.read_bytes()
        wanted = None
        packed = self.lists / "list.gz"
        packed.write_bytes(gzip.compress(text[:100_000]) + gzip.compress(text[100_000:]))
        archive = self.lists / "archive.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("occurrence.txt", "gbifID\n")
            # What writes to a stream leaves the sizes to a data descriptor, as GBIF does.
            with out.open("multimedia.txt", "w", force_zip64=True) as member:
                member.write(text)
            out.writestr("meta.xml", META)
        folder = self.lists / "folder.zip"
        with zipfile.ZipFile(folder, "w", zipfile.ZIP_DEFLATED) as out:
            for name, body in (("multimedia.txt", text), ("meta.xml", META)):
                out.writestr("0012345-26/" + name, body)
            out.writestr("__MACOSX/0012345-26/meta.xml", "no XML")
        shuffled = self.lists / "shuffled.txt"
        list_generator.shuffle(path, shuffled)
        for source in (path, packed, archive, folder, self.lists, shuffled):
            with self.subTest(source=source.name):
                said = json.loads(self.ingest(source, "--reset").out.splitlines()[-1])
                self.assertEqual(["rows", "rejected", "images", "gbif_ids", "seconds"], list(said))
                self.assertEqual((30_000, 0, self.distinct),
                                 (said["rows"], said["rejected"], said["images"]))
                found = self.images()
                if source == shuffled:  # ordinals follow the order of the file
                    def one(rows):
                        return sorted((i >> 16, h, s, sorted(u.split("\n"))) for i, h, s, u in rows)
                    self.assertEqual(one(wanted), one(found))
                else:
                    self.assertEqual(wanted or found, found)
                    wanted = found
                self.assertEqual({"images.pending": self.distinct,
                                  "gbif_ids.pending": said["gbif_ids"]}, self.totals())
        self.assertFalse((self.place.data / "ingest").exists())

    def test_lines_that_name_no_image_are_kept_with_number_and_reason(self):
        path = self.lists / "multimedia.txt"
        path.write_text(list_generator.HEADER + "".join(
            f"{i}\tStillImage\t\thttps://a.org/{i}.jpg\n" for i in range(1, 4)) +
            "\tStillImage\t\thttps://a.org/x.jpg\n7\tSound\t\thttps://a.org/x.mp3\n8\n"
            '9\tStillImage\t\t"https://a.org/9.jpg\n10\tStillImage\t\thttps://a.org/10.jpg\n')
        said = json.loads(self.ingest(path).out)
        self.assertEqual((8, 4, 4), (said["rows"], said["rejected"], said["images"]))
        self.assertEqual([(5, "no_gbif_id"), (6, "not_a_still_image"), (7, "too_few_columns"),
                          (8, "bad_url")], self.query("SELECT line, reason FROM specimen_rejects"))

    def test_a_newer_list_adds_and_retires_and_comes_back(self):
        old, new = self.list_of(20_000), self.list_of(20_000, "newer.txt", seed=3)
        self.ingest(old)
        before = self.images()
        again = json.loads(self.ingest(old).out)
        self.assertEqual(before, self.images())
        self.ingest(new)
        self.assertEqual(self.distinct, self.totals()["images.pending"])
        self.ingest(old)
        kept = [row for row in self.images() if row[2] < 8]
        self.assertEqual(again["images"], len(kept))
        self.assertEqual(sorted(r[3] for r in before), sorted(r[3] for r in kept))
        counts = self.totals()
        self.assert_code(0, self.place.vinny("specimens", "ingest", "--finalize-only"))
        self.assertEqual(counts, self.totals())

    def test_variants_are_one_image_only_where_a_file_says_so(self):
        path = self.lists / "multimedia.txt"
        urls = ["https://a.example/1_t.jpg", "https://a.example/1_o.jpg", "https://b.example/1_t.jpg",
                "https://b.example/1_o.jpg"]
        path.write_text("gbifID\ttype\tidentifier\n"
                        + "".join(f"7\tStillImage\t{url}\n" for url in urls))
        self.ingest(path)
        self.assertEqual(urls, [row[3] for row in self.images()])
        rules = self.place.root / "variants.txt"
        rules.write_text("a.example _o.jpg _t.jpg\nb.example\n")
        with open(self.place.config, "a", encoding="utf-8") as config:
            config.write('[specimens]\nvariants = "variants.txt"\n')
        refused = self.ingest(path, code=1)
        self.assertIn("variants.txt, line 2: no ending follows the host's name", refused.err)
        rules.write_text("a.example _o.jpg _t.jpg\n")
        self.ingest(path)
        named = [row[3] for row in self.images() if row[2] < 8]
        self.assertEqual([f"{urls[1]}\n{urls[0]}", *urls[2:]], named)
        self.ingest(path)
        self.assertEqual(named, [row[3] for row in self.images() if row[2] < 8])

    def test_an_ingest_cut_off_under_other_rules_begins_anew(self):
        path = self.lists / "multimedia.txt"
        with open(path, "w", encoding="utf-8") as out:
            out.write("gbifID\ttype\tidentifier\n")
            for number in range(60_000):
                for size in "ot":
                    out.write(f"{number + 1}\tStillImage\thttps://a.example/{number}_{size}.jpg\n")
        child = self.place.start("specimens", "ingest", path)
        daemon.wait_until(lambda: (self.place.data / "vinny.db").exists() and self.begun(), 30)
        child.kill()
        (self.place.root / "variants.txt").write_text("a.example _o.jpg _t.jpg\n")
        with open(self.place.config, "a", encoding="utf-8") as config:
            config.write('[specimens]\nvariants = "variants.txt"\n')
        self.ingest(path)
        self.assertEqual(60_000, self.totals()["images.pending"])

    def begun(self):
        try:
            return self.query("SELECT 1 FROM specimen_images LIMIT 1")
        except sqlite3.OperationalError:
            return False

    def test_a_killed_ingest_goes_on_where_it_was(self):
        path = self.list_of(400_000)
        shuffled = self.lists / "shuffled.txt"
        list_generator.shuffle(path, shuffled)
        chance = random.Random(seed := int(os.environ.get("VINNY_SEED") or random.randrange(1 << 30)))
        kills = int(os.environ.get("VINNY_CRASHES", "12"))
        for source in (path, shuffled):
            began = time.monotonic()
            said = json.loads(self.ingest(source, "--reset").out)
            took = time.monotonic() - began
            wanted, totals = self.images(), self.totals()
            with self.subTest(seed=seed, source=source.name):
                for _ in range(kills // 2):
                    # Each a few kills on the way through.
                    self.place.wipe()
                    for _ in range(3):
                        child = self.place.start("specimens", "ingest", source)
                        time.sleep(took * chance.uniform(0.05, 0.7))
                        child.kill()
                    told = json.loads(self.ingest(source).out)
                    for key in ("rows", "rejected", "images", "gbif_ids"):
                        self.assertEqual(said[key], told[key])
                    self.assertTrue(wanted == self.images(), "images differ")
                    self.assertEqual(totals, self.totals())
                    self.assertFalse((self.place.data / "ingest").exists())

    def test_what_is_no_list_is_refused_with_the_reason(self):
        junk = self.lists / "junk"
        for content, words in (
                (b"", "empty"), (b"<html>Not found</html>\n", "gbifID"),
                (b"PK\x03\x04 cut off", "archive"), (gzip.compress(b"gbifID\tidentifier\n" + b"1\tx\n" * 9999)[:-20],
                                                     "damaged"),
                (b"gbifID\tidentifier\n" + b"a\thttps://a.org/1.jpg\n" * 20_000, "none of the first")):
            junk.write_bytes(content)
            with self.subTest(words=words):
                outcome = self.ingest(junk, code=1)
                self.assertIn(words, outcome.err)
        self.assert_code(0, self.place.vinny("specimens", "download"))  # nothing is left half done
        outcome = self.assert_code(2, self.place.vinny("specimens", "ingest", "/nowhere"))
        self.assertIn("/nowhere: there is no such file", outcome.err)
        self.assert_code(2, self.place.vinny("specimens", "ingest"))

    def test_the_daemon_ingests_for_the_command(self):
        path = self.list_of(5_000)
        self.start_daemon(self.place)
        said = json.loads(self.ingest(path).out)
        self.assertEqual(self.distinct, said["images"])

    def test_4_4_26_what_an_older_program_left_is_taken_over(self):
        rows = {1111111: 2, 2222222: 1, 3333333: 1, 4444444: 1, 5555555: 1}
        path = self.lists / "multimedia.txt"
        path.write_text("gbifID\tidentifier\n" + "".join(
            f"{i}\thttp://a.example/{i}/{n}.jpg\n" for i, count in rows.items()
            for n in range(count)))
        old = self.folder("old")
        for name in ("111/111/1111111-00.jpg", "222/222/2222222.jpg", "444/444/4444444.jpg",
                     "444/444/4444444-00.jpg", "555/555/5555555-00.jpg", "777/777/7777777-00.jpg"):
            (old / name).parent.mkdir(parents=True, exist_ok=True)
            (old / name).write_bytes(name.encode().ljust(2000, b"."))
        (old / "555/555/5555555-00.jpg").write_bytes(b"too short")
        (old / "failed_ids.txt").write_text("1111111\n")
        legacy = ("--legacy-only", "--install-path", old)
        run = lambda *more: self.place.vinny("specimens", "ingest", *more)
        self.assertIn("--install-path", self.assert_code(2, run("--legacy-only")).err)
        self.assertIn("processed_ids.txt", self.assert_code(1, run(*legacy)).err)
        (old / "processed_ids.txt").write_text(
            "1111111\n2222222\r\nnot a number\n\n3333333\n4444444\n5555555\n7777777\n-5\n1e3\n")
        self.assertIn("list", self.assert_code(1, run(*legacy)).err)
        self.ingest(path)
        self.assert_code(0, run(*legacy))
        wanted = {"images.success": 3, "images.pending": 3, "gbif_ids.done": 2,
                  "gbif_ids.partial": 1, "gbif_ids.pending": 2, "files.legacy_unverified_index": 3}
        self.assertEqual(wanted, self.totals())
        kept = {i >> 16: (bytes_, kind, sha) for i, bytes_, kind, sha in self.query(
            "SELECT id, bytes, kind, sha256 FROM specimen_files")}
        self.assertEqual({i: (2000, 3, b"") for i in (1111111, 2222222, 4444444)}, kept)
        place = self.place.data / "specimens"
        self.assertTrue((place / "222/222/2222222-00.jpg").read_bytes().startswith(b"222/222/2222222.jpg"))
        self.assertTrue((place / "444/444/4444444-00.jpg").read_bytes().startswith(b"444/444/4444444-00"))
        self.assertTrue((old / "222/222/2222222.jpg").exists())  # the older program's files stay
        self.assert_code(0, run(*legacy))  # and again: nothing changes
        self.assertEqual(wanted, self.totals())
        # 4.7, 58: a genuine success keeps what is known of it.
        with sqlite3.connect(self.place.data / "vinny.db") as base:
            base.execute("UPDATE specimen_files SET kind = 1 WHERE id >> 16 = 1111111")
        self.assert_code(0, run(*legacy))
        self.assertEqual([(1,)], self.query("SELECT kind FROM specimen_files WHERE id >> 16 = 1111111"))
        self.assert_code(0, run("--finalize-only"))


if __name__ == "__main__":
    unittest.main()
