# SPDX-License-Identifier: MIT
"""The whole pipeline to the cloud: from venue pages to R2's own emulator and D1's own engine in one
`vinny sync`, counted at the servers' door, and read by other clients."""
import unittest

from cases import QUICK, SystemTest
import cloudflare_d1
import compare
import daemon
import emulator
import expected
from fault_proxy import FaultProxy
import pictures
import rclone

ABSENT = cloudflare_d1.missing() or rclone.why_not()


@unittest.skipIf(ABSENT, ABSENT)
class Cloud(SystemTest):

    def setUp(self):
        self.engine = cloudflare_d1.D1()
        self.addCleanup(self.engine.remove)
        self.door = FaultProxy(self.engine.running.port)
        self.addCleanup(self.door.stop)
        self.other = rclone.Rclone(self.engine.running, self.engine.folder)
        self.origin, self.place = self.serve(**self.cloud())

    def cloud(self, **more):
        """Settings by which both services are reached through the door."""
        through = lambda url: url.replace(str(self.engine.running.port), str(self.door.port))
        server = self.engine.running
        return {**QUICK, "store": server.store(endpoint=through(server.endpoint)),
                "d1": self.engine.settings(api_url=through(server.api)), **more}

    def counts(self, *arguments):
        outcome = self.assert_code(0, self.place.vinny(*arguments, "--json"))
        return outcome.json()["run"]["counts"]

    def asked(self):
        """What was asked for since the last time."""
        out = [(one.method, one.path) for one in self.door.asked]
        self.door.asked.clear()
        return out

    def tables(self, read):
        """Table -> rows in key order, by a function from SQL to rows."""
        out = {}
        for table, keys in expected.KEYS.items():
            rows = [{k: (None if v == "" else v) for k, v in row.items()
                     if k not in expected.TIMESTAMPS} for row in read(f"SELECT * FROM {table}")]
            out[table] = sorted(rows, key=lambda row: [row[k] for k in keys])
        return out

    def test_one_sync_gives_what_the_directory_and_the_local_database_get(self):
        self.counts("sync")
        reference = daemon.Workplace(self.origin, **QUICK)
        self.addCleanup(reference.remove)
        self.assert_code(0, reference.vinny("sync", "--local"))
        public = reference.data / "public"
        files = {name: path.read_bytes() for name, path in compare.image_files(public).items()}
        self.assertGreater(len(files), 50)
        self.assertEqual(files, self.other.objects())
        wanted = compare.rows(reference.data / "local-d1.sqlite")
        self.assertEqual(wanted, self.tables(self.engine.query))
        self.assertEqual(wanted, self.tables(self.engine.by_wrangler))

    def test_uploads_overlap_downloads_and_d1_waits_for_the_store(self):
        self.counts("sync")
        asked = self.asked()
        puts = [n for n, (method, _) in enumerate(asked) if method == "PUT"]
        statements = [n for n, (method, _) in enumerate(asked) if method == "POST"]
        self.assertTrue(puts and statements)
        self.assertLess(puts[-1], statements[0])

    def test_a_second_run_asks_for_nothing_and_a_changed_image_is_one_put_and_its_row(self):
        first = self.counts("sync")
        self.assertEqual(first["objects_put"], sum(m == "PUT" for m, _ in self.asked()))
        self.counts("sync")
        self.assertEqual([], self.asked())
        site = self.origin.site
        key, picture = next(
            (name, shown) for name in sorted(expected.expected_files(site))
            for shown in [expected.picture_of_file(site, name)]
            if name.endswith("_main.jpg") and shown.kind == "jpeg" and self.resource(shown))
        before = self.tables(self.engine.query)
        self.resource(picture).body = pictures.jpeg("another", picture.width, picture.height)
        (self.place.data / key).unlink()
        counts = self.counts("sync")
        self.assertEqual((1, 1), (counts["objects_put"], counts["rows_written"]))
        asked = self.asked()
        self.assertEqual(["PUT", "POST"], [method for method, _ in asked])
        self.assertTrue(asked[0][1].endswith(key), asked)
        after = self.tables(self.engine.query)
        changed = [row for row in after["images"] if row not in before["images"]]
        self.assertEqual(1, len(changed))
        self.assertEqual({**before, "images": None}, {**after, "images": None})
        sha = compare.file_digest(self.place.data / key)
        self.assertEqual((sha, f"{expected.PUBLIC_URL}/{key}?v={sha[:8]}"),
                         (changed[0]["sha256"], changed[0]["r2_url"]))
        self.assertEqual((self.place.data / key).read_bytes(), self.other.objects()[key])

    def test_a_library_that_moves_to_the_cloud_is_put_there_whole(self):
        self.place.configure(**QUICK)
        self.assert_code(0, self.place.vinny("sync", "--local"))
        # Nothing is published, and nothing forgotten, before the new store has answered.
        mistyped = self.cloud()
        mistyped["store"] = {**mistyped["store"], "bucket": "imagse"}
        self.place.configure(**mistyped)
        self.assert_code(1, self.place.vinny("sync"))
        self.place.configure(**QUICK)
        again = self.counts("sync", "--local")
        self.assertEqual((0, 0), (again["objects_put"], again["rows_written"]))
        self.place.configure(**self.cloud())
        outcome = self.assert_code(1, self.place.vinny("export-d1", "--execute"))
        self.assertIn("vinny images upload-r2", outcome.err)
        counts = self.counts("sync")
        self.assertGreater(counts["objects_put"], 50)
        self.assertEqual({name: path.read_bytes() for name, path in
                          compare.image_files(self.place.data).items()}, self.other.objects())
        self.assertEqual(0, self.counts("sync")["objects_put"])

    def resource(self, picture):
        """What its host answers with, when that is one file for all sizes."""
        host, _, path = picture.url.partition("//")[2].partition("/")
        there = self.origin.site.hosts.get(host)
        return there and there.resources.get("/" + path)

    def test_a_store_that_is_refused_stops_alone_and_is_caught_up_with(self):
        self.place.configure(**self.cloud(store=self.engine.running.store(
            secret_access_key="wrong-secret-0123456789")))
        outcome = self.assert_code(1, self.place.vinny("sync", "--json"))
        self.assertEqual(1, sum("the stage stops" in l for l in outcome.err.splitlines()))
        there = self.tables(self.engine.query)
        self.assertGreater(len(there["events"]), 20)
        self.assertEqual([], there["images"])
        self.assertEqual([], [e for e in there["events"] if e["artist_image_url"]])
        self.place.configure(**self.cloud())
        self.counts("sync")
        self.assertGreater(len(self.tables(self.engine.query)["images"]), 50)


if __name__ == "__main__":
    unittest.main()
