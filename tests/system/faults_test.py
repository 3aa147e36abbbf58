# SPDX-License-Identifier: MIT
"""Uploads and exports of 2,000 images and their rows through a proxy that spoils requests, and
through kills in the middle (VINNY_S3_CRASHES, default 5): everything arrives, once."""
import json
import os
import pathlib
import random
import sqlite3
import time
import unittest

from cases import QUICK, SystemTest
import cloudflare_d1
import compare
import expected
from fault_proxy import FaultProxy
import many_events
import many_images
import radosgw
import rclone

ABSENT = cloudflare_d1.missing() or rclone.why_not() or radosgw.why_not()
COUNT = 2000
LARGE = (17 << 20, 24 << 20)  # sent in parts
STEP = ("images", "upload-r2", "--sync-d1", "--json")


@unittest.skipIf(ABSENT, ABSENT)
class Faults(SystemTest):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engine = cloudflare_d1.D1()
        cls.addClassCleanup(cls.engine.remove)
        cls.gateway = radosgw.Radosgw(cls.engine.folder / "rgw")
        cls.addClassCleanup(cls.gateway.stop)
        cls.other = rclone.Rclone(cls.gateway, cls.engine.folder)
        cls.other.make_bucket()

    def setUp(self):
        self.other.purge()
        for table in reversed(cloudflare_d1.TABLES):
            self.engine.query(f"DROP TABLE IF EXISTS {table}")
        self.store, self.d1 = FaultProxy(self.gateway.port), FaultProxy(self.engine.running.port)
        self.addCleanup(self.store.stop)
        self.addCleanup(self.d1.stop)
        _, self.place = self.serve(**self.settings())
        self.assert_code(0, self.place.vinny("scrape", "--venues", "liv"))
        many_events.fill(self.place, COUNT, per_artist=1)

    def settings(self, **store):
        through = lambda url, own, door: url.replace(str(own.port), str(door.port))
        return {**QUICK, "store": self.gateway.store(
                    endpoint=through(self.gateway.endpoint, self.gateway, self.store), **store),
                "d1": self.engine.settings(
                    api_url=through(self.engine.api_url, self.engine.running, self.d1))}

    def catalog(self, sql):
        with sqlite3.connect(self.place.data / "vinny.db", timeout=30) as base:
            found = base.execute(sql).fetchall()
        base.close()
        return found

    def until_done(self):
        """Runs again what was left over, as a timer would; the outcome of the last."""
        for _ in range(10):
            outcome = self.place.vinny(*STEP)
            if outcome.code == 0:
                return outcome
            self.assertEqual(3, outcome.code, str(outcome))  # partial: never "failed"
        return self.assert_code(0, outcome)

    def assert_complete(self, made):
        objects = self.other.objects()
        files = {name: path.read_bytes() for name, path in
                 compare.image_files(self.place.data).items()}
        self.assertEqual(len(made), len(objects))
        self.assertTrue(files == objects, "bucket and files differ")
        self.assertEqual([(len(made), len(made))],
                         self.catalog("SELECT count(*), count(DISTINCT key) FROM objects"))
        self.assertEqual([(0,)], self.catalog(
            "SELECT count(*) FROM renditions WHERE state = 'done' AND stored = 0"))
        self.assert_code(0, self.place.vinny("export-d1", "--local"))
        wanted, found = compare.rows(self.place.data / "local-d1.sqlite"), self.engine.rows()
        for table, keys in expected.KEYS.items():
            in_order = sorted(found[table], key=lambda row: [row[k] for k in keys])
            self.assertTrue(wanted[table] == in_order, f"{table} differs")
        self.assertEqual(min(len(made), COUNT), len(found["images"]))  # the large ones have no event
        uploads = json.loads(self.other.run("backend", "list-multipart-uploads",
                                            f"s:{self.gateway.bucket}"))
        self.assertEqual([], [u for part in uploads.values() for u in part or []])

    def test_everything_arrives_through_faults_of_all_kinds(self):
        made = many_images.fill(self.place, COUNT, large=LARGE)
        self.store.chances = {"reset": 0.02, "lost": 0.02, "truncate": 0.02, "refuse": 0.01,
                              "latency": 0.002}
        self.d1.chances = {"latency": 0.005}
        self.d1.first = ["", "reset", "lost", "", "truncate", "refuse", "lost"]  # they are few
        self.until_done()
        for door, least in ((self.store, 10), (self.d1, 1)):
            met = door.counts()
            for fault in ("reset", "lost", "truncate", "refuse"):
                self.assertGreaterEqual(met.get(fault, 0), least, met)
        self.assert_complete(made)
        self.store.asked.clear()
        self.d1.asked.clear()
        self.assert_code(0, self.place.vinny(*STEP))
        self.assertEqual(([], []), (self.store.asked, self.d1.asked))

    def test_a_store_that_is_overloaded_for_a_while_is_waited_for(self):
        made = many_images.fill(self.place, 50)
        self.store.chances = {"refuse": 1.0}
        child = self.place.start(*STEP)
        time.sleep(20)
        few = len(self.store.asked)
        self.store.chances = {}
        self.assert_code(0, child.wait())
        self.assertLess(few, 60, "a store that asks for rest is not hammered")
        self.assert_complete(made)

    def test_bodies_that_are_changed_on_the_way_halt(self):
        many_images.fill(self.place, 50)
        self.store.chances = {"tamper": 1.0}
        outcome = self.assert_code(1, self.place.vinny(*STEP))
        (line,) = [l for l in outcome.err.splitlines() if "the stage stops" in l]
        self.assertIn('"reason":"store_tampered"', line)
        self.assertEqual({}, self.other.objects())
        self.assertEqual([(0,)], self.catalog("SELECT count(*) FROM objects"))

    def test_uploads_and_exports_that_were_killed_are_completed_by_one_that_is_not(self):
        made = many_images.fill(self.place, COUNT, large=LARGE)
        began = time.monotonic()
        self.assert_code(0, self.place.vinny(*STEP))
        took = time.monotonic() - began
        chance = random.Random(seed := int(os.environ.get("VINNY_SEED") or random.randrange(1 << 30)))
        left = int(os.environ.get("VINNY_S3_CRASHES", "5"))
        with self.subTest(seed=seed):
            while left:
                self.forget(made)
                # Each series: a few kills on the way to one whole upload and export.
                done = False
                while left and not done:
                    child = self.place.start(*STEP)
                    time.sleep(took * chance.uniform(0.02, 0.5))
                    done = not child.running()
                    left -= not done
                    child.kill()
                self.assert_code(0, self.place.vinny(*STEP))
                self.assert_complete(made)

    def forget(self, made):
        """As before the first upload, but for what a killed one would leave in the store."""
        self.other.purge()
        for table in reversed(cloudflare_d1.TABLES):
            self.engine.query(f"DROP TABLE IF EXISTS {table}")
        with sqlite3.connect(self.place.data / "vinny.db", timeout=30) as catalog:
            many_images.enter(catalog, made)
        catalog.close()


if __name__ == "__main__":
    unittest.main()
