# SPDX-License-Identifier: MIT
"""`specimens.upload`: files go into the store behind the download, each once, and what was not
confirmed is put by a later run."""
import pathlib
import random
import shutil
import subprocess
import tempfile
import time
import unittest

from specimen_cases import SpecimenTest, jpeg
import radosgw
import rclone

FIRST = 9_000_001


class UploadCase(SpecimenTest):
    count = 24

    def setUp(self):
        super().setUp()
        for number in range(self.count):
            self.specimen(FIRST + number, self.herbaria.put(
                "a.example", f"/{number}.jpg", jpeg(f"U{number}", 300, 200)))

    def configure(self, upload=True, store=None, delay_ms=0):
        self.place.configure(politeness={"delay_ms": delay_ms, "concurrency": 4},
                             specimens={"upload": upload}, store=store or {"kind": "directory"})

    def download(self, code=0):
        run = self.assert_code(code, self.place.vinny("specimens", "download", "--json")).json()["run"]
        return run["counts"]

    def on_disk(self):
        root = self.place.data
        return {str(p.relative_to(root)): p.read_bytes() for p in root.glob("specimens/*/*/*")}

    def in_store(self, folder="public"):
        root = self.place.data / folder
        return {str(p.relative_to(root)): p.read_bytes() for p in root.glob("specimens/*/*/*")}

    def waiting(self):
        return self.query("SELECT count(*) FROM specimen_uploads")[0][0]

    @staticmethod
    def fetched_and_put(counts):
        return counts["specimens_fetched"], counts["objects_put"] + counts["objects_unchanged"]


class Uploads(UploadCase):

    def test_files_are_put_once_and_only_where_it_is_wanted(self):
        self.begin(specimens={"upload": False})
        self.assertEqual((self.count, 0), self.fetched_and_put(self.download()))
        self.assertEqual({}, self.in_store())
        self.configure()  # what was there before is put, and nothing is fetched
        self.assertEqual((0, self.count), self.fetched_and_put(self.download()))
        self.assertEqual(self.on_disk(), self.in_store())
        self.assertEqual((0, 0), self.fetched_and_put(self.download()))
        self.configure(store={"kind": "directory", "directory": "other"})
        self.assertEqual((0, self.count), self.fetched_and_put(self.download()))
        self.assertEqual(self.on_disk(), self.in_store("other"))
        self.assertEqual(0, self.waiting())

    def test_with_the_setting_off_again_nothing_is_lost(self):
        self.begin(specimens={"upload": True})
        self.download()
        for number in range(5):
            self.specimen(FIRST + 100 + number, self.herbaria.put(
                "a.example", f"/more{number}.jpg", jpeg(f"M{number}", 300, 200)))
        (self.place.root / "multimedia.txt").write_text("gbifID\ttype\tidentifier\n" + "".join(self.rows))
        self.assert_code(0, self.place.vinny("specimens", "ingest", self.place.root / "multimedia.txt"))
        self.configure(upload=False)
        self.assertEqual((5, 0), self.fetched_and_put(self.download()))
        self.configure()
        self.assertEqual((0, 5), self.fetched_and_put(self.download()))
        self.assertEqual(self.on_disk(), self.in_store())

    def test_a_file_that_is_gone_is_told_and_holds_nothing_up(self):
        self.begin(specimens={"upload": False})
        self.download()
        kept = self.file(FIRST).read_bytes()
        self.file(FIRST).unlink()
        self.configure()
        counts = self.download(code=3)
        self.assertEqual((1, self.count - 1), (counts["objects_failed"], counts["objects_put"]))
        self.assertEqual(1, self.download(code=3)["objects_failed"])
        self.file(FIRST).write_bytes(kept)  # it was a disk that was not mounted
        self.assertEqual((0, 1), self.fetched_and_put(self.download()))
        self.assertEqual(self.on_disk(), self.in_store())

    def test_after_kills_the_store_has_what_the_disk_has(self):
        self.begin(specimens={"upload": True}, politeness={"delay_ms": 20, "concurrency": 2})
        chance = random.Random(11)
        for _ in range(6):
            child = self.place.start("specimens", "download")
            time.sleep(chance.uniform(0.05, 0.4))
            child.kill()
        self.download()
        self.assertEqual(self.count, len(self.on_disk()))
        self.assertEqual(self.on_disk(), self.in_store())
        self.assertEqual(0, self.waiting())


class Bucket(UploadCase):
    """With a real store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        why = radosgw.why_not() or rclone.why_not()
        if why:
            raise unittest.SkipTest(why)
        cls.gateway_place = pathlib.Path(tempfile.mkdtemp(prefix="vinny-store-"))
        cls.addClassCleanup(shutil.rmtree, cls.gateway_place, True)
        cls.server = radosgw.Radosgw(cls.gateway_place)
        cls.addClassCleanup(cls.server.stop)
        cls.other = rclone.Rclone(cls.server, cls.gateway_place)
        cls.other.make_bucket()

    def test_a_store_that_refuses_holds_only_its_own_step_up(self):
        raw = b"II*\0" + bytes(range(256)) * 20
        self.specimen(FIRST + 200, self.herbaria.put("a.example", "/raw.dng", raw, "image/x-adobe-dng"))
        self.begin(specimens={"upload": True}, store=self.server.store(secret_access_key="wrong"))
        refused = self.assert_code(1, self.place.vinny("specimens", "download", "--json"))
        counts = refused.json()["run"]["counts"]
        self.assertEqual((self.count + 1, 0), self.fetched_and_put(counts))
        self.assertIn("store.secret_access_key", refused.json()["run"]["error"])
        self.configure(store=self.server.store(), delay_ms=20)
        self.assertEqual((0, self.count + 1), self.fetched_and_put(self.download()))
        self.assertEqual(self.on_disk(), self.other.objects())
        raw = self.file(FIRST + 200, "dng").relative_to(self.place.data)
        self.assertEqual("image/x-adobe-dng", self.other.headers(raw)["MimeType"])


if __name__ == "__main__":
    unittest.main()
