# SPDX-License-Identifier: MIT
"""`store.kind = "s3"` against real servers: a Ceph gateway, R2's own emulator, and
Swift where it is the stricter one."""
import hashlib
import os
import pathlib
import sqlite3
import subprocess
import unittest

from cases import QUICK, SystemTest
import daemon
import emulator
import radosgw
import rclone
import swift


class StoreCase:
    """A store that lives as long as the class; the subclasses bring one."""
    makes_bucket = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        why = cls.server_kind.why_not() or rclone.why_not()
        if why:
            raise unittest.SkipTest(why)
        cls.server_place = cls.make_place()
        cls.server = cls.make_server(cls.server_place)
        cls.addClassCleanup(cls.server.stop)
        cls.other = rclone.Rclone(cls.server, cls.server_place)
        if cls.makes_bucket:
            cls.other.make_bucket()

    @classmethod
    def make_place(cls):
        import shutil
        import tempfile
        path = pathlib.Path(tempfile.mkdtemp(prefix="vinny-store-"))
        cls.addClassCleanup(shutil.rmtree, path, True)
        return path

    def setUp(self):
        self.other.purge()
        self.origin, self.place = self.serve(**QUICK, store=self.server.store())
        self.site, self.data = self.origin.site, self.place.data

    def sync(self, *arguments, code=0):
        outcome = self.assert_code(code, self.place.vinny("sync", "--local", "--json", *arguments))
        return outcome

    def store_step(self, *arguments, code=0):
        return self.assert_code(code, self.place.vinny("images", "upload-r2", "--json", *arguments))

    def counts(self):
        return self.place.run_document(self.place_last_run())["run"]["counts"]

    def place_last_run(self):
        catalog = sqlite3.connect(f"file:{self.data}/vinny.db?mode=ro", uri=True)
        try:
            return catalog.execute("SELECT id FROM runs ORDER BY id DESC LIMIT 1").fetchone()[0]
        finally:
            catalog.close()

    def query(self, database, sql):
        with sqlite3.connect(f"file:{self.data}/{database}?mode=ro", uri=True) as base:
            return base.execute(sql).fetchall()

    def files(self):
        """key -> bytes of the renditions on disk."""
        root = self.data / "artists"
        return {str(p.relative_to(self.data)): p.read_bytes() for p in root.rglob("*.jpg")}

    def refused(self, reason, *words, **settings):
        """A sync with these settings: the stage halts once, the rest of the run goes on."""
        self.place.configure(**QUICK, store=self.server.store(**settings))
        outcome = self.sync(code=1)
        lines = [l for l in outcome.err.splitlines() if "the stage stops" in l]
        self.assertEqual(1, len(lines), outcome.err)
        self.assertIn(f'"reason":"{reason}"', lines[0])
        for word in words:
            self.assertIn(word, lines[0])
        self.assertNotIn(self.server.secret, outcome.err + outcome.out)
        self.assertNotIn(self.server.access_key_id, outcome.err + outcome.out)
        counts = self.counts()
        self.assertEqual(0, counts["objects_put"])
        self.assertGreater(counts["events"], 0)
        self.assertGreater(counts["images_fetched"], 0)
        self.assertEqual([(0,)], self.query("vinny.db", "SELECT count(*) FROM objects"))
        self.assertEqual([(0,)], self.query("vinny.db", "SELECT sum(stored) FROM renditions"))
        self.assertEqual([], self.query("local-d1.sqlite", "SELECT r2_url FROM images"))
        # Nothing is lost by it: the next run with good settings puts everything.
        self.place.configure(**QUICK, store=self.server.store())
        self.sync()
        self.assertEqual(self.files(), self.other.objects())


class S3Store(StoreCase):
    """What holds at every S3 store."""

    def test_objects_are_the_files_byte_for_byte_and_nothing_is_sent_twice(self):
        self.sync()
        files = self.files()
        self.assertGreater(len(files), 50)
        self.assertEqual(files, self.other.objects())
        key = sorted(files)[0]
        self.assertEqual("image/jpeg", self.other.headers(key)["MimeType"])
        compare_rows = self.query("local-d1.sqlite", "SELECT r2_url, sha256 FROM images")
        self.assertEqual({hashlib.sha256(b).hexdigest() for b in files.values()},
                         {sha for _, sha in compare_rows})
        self.assertEqual(len(files), self.counts()["objects_put"])
        self.sync()
        counts = self.counts()
        self.assertEqual((0, 0, 0), (counts["objects_put"], counts["objects_unchanged"],
                                     counts["rows_written"]))
        # Without its catalog, Vinny finds every object where it is.
        self.place.wipe()
        self.sync()
        counts = self.counts()
        self.assertEqual((0, len(files)), (counts["objects_put"], counts["objects_unchanged"]))

    def test_validate_repairs_what_is_lost_and_what_was_changed(self):
        self.sync()
        files = self.files()
        lost, changed = sorted(files)[:2]
        self.other.delete(lost)
        self.other.put(changed, b"x" * len(files[changed]))
        self.store_step("--validate")
        counts = self.counts()
        self.assertEqual((2, len(files) - 2), (counts["objects_put"], counts["objects_unchanged"]))
        self.assertEqual(files, self.other.objects())
        self.sync()
        urls = dict(self.query("local-d1.sqlite", "SELECT sha256, r2_url FROM images"))
        for key in (lost, changed):
            sha = hashlib.sha256(files[key]).hexdigest()
            self.assertTrue(urls[sha].endswith(f"{key}?v={sha[:8]}"), urls[sha])
        plain = [u for u in urls.values() if "?" not in u]
        self.assertEqual(len(urls) - 2, len(plain))
        self.store_step("--validate")
        self.assertEqual(0, self.counts()["objects_put"])

    def test_a_wrong_secret_halts(self):
        self.refused("store_credentials", "store.secret_access_key",
                     secret_access_key="wrong-secret-0123456789")

    def test_an_unknown_key_halts(self):
        self.refused("store_credentials", "store.access_key_id", access_key_id="nobody")

    def test_a_missing_bucket_halts(self):
        self.refused("store_missing", "no-such-bucket", bucket="no-such-bucket")

    def test_missing_credentials_halt(self):
        self.refused("store_credentials", "R2_SECRET_ACCESS_KEY", access_key_id=None,
                     secret_access_key=None)

    def test_the_client_itself(self):
        """Listing, ranges of parts, deletion and multipart uploads, by the wire tests' program."""
        program = pathlib.Path(daemon.binary("vinny")).parents[1] / "tests" / "wire_tests"
        if not program.exists():
            self.skipTest(f"{program} is not built")
        settings = {"VINNY_TEST_S3_ENDPOINT": self.server.endpoint,
                    "VINNY_TEST_S3_REGION": self.server.region,
                    "VINNY_TEST_S3_BUCKET": self.server.bucket,
                    "VINNY_TEST_S3_KEY": self.server.access_key_id,
                    "VINNY_TEST_S3_SECRET": self.server.secret,
                    "VINNY_TEST_S3_LISTS_UPLOADS": "1" if self.lists_uploads else "0"}
        done = subprocess.run([str(program), "[store]"], env={**os.environ, **settings},
                              capture_output=True, text=True, timeout=daemon.long_enough)
        self.assertEqual(0, done.returncode, done.stdout[-4000:] + done.stderr[-2000:])
        self.assertIn("All tests passed", done.stdout)  # none at all would pass as well


class Ceph(S3Store, SystemTest):
    server_kind, lists_uploads = radosgw, True

    @classmethod
    def make_server(cls, place):
        return radosgw.Radosgw(place / "rgw")


class R2(S3Store, SystemTest):
    server_kind, lists_uploads = emulator, False  # the emulator does not implement the list
    makes_bucket = False  # nor that: it starts with one

    @classmethod
    def make_server(cls, place):
        return emulator.Emulator(place)


class Swift(StoreCase, SystemTest):
    """The one that looks at the region."""
    server_kind = swift

    @classmethod
    def make_server(cls, place):
        return swift.Swift(place / "swift")

    def test_a_wrong_region_halts(self):
        self.refused("store_credentials", "store.region", self.server.region, region="eu-west-9")


if __name__ == "__main__":
    unittest.main()
