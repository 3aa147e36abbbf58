# SPDX-License-Identifier: MIT
"""D1 by REST and by wrangler, against D1's own local engine: the tables are row for row those of
local-d1.sqlite, whatever happened on the way (VINNY_D1_CRASHES kills, default 5)."""
import glob
import os
import random
import sqlite3
import subprocess
import time
import unittest

from cases import QUICK, SystemTest
import cloudflare_d1
import compare
import daemon
import expected
import many_events

ABSENT = cloudflare_d1.missing()


@unittest.skipIf(ABSENT, ABSENT)
class D1Test(SystemTest):

    def d1(self, chaos=None):
        engine = cloudflare_d1.D1(chaos)
        self.addCleanup(engine.remove)
        return engine

    def serve_with(self, engine, site="demo", **more):
        return self.serve(site, **{**QUICK, "d1": engine.settings(**more)})

    def counts(self, outcome):
        self.assert_code(0, outcome)
        return outcome.json()["run"]["counts"]

    def assert_equal_to_local(self, engine, place):
        self.assert_code(0, place.vinny("export-d1", "--local"))
        wanted = compare.rows(place.data / "local-d1.sqlite")
        found = engine.rows()
        for table, rows in wanted.items():
            keys = expected.KEYS[table]
            in_order = sorted(found[table], key=lambda row: [row[k] for k in keys])
            self.assertEqual(rows, in_order, table)  # in JSON 750.0 is 750, and equal
        self.assertGreater(len(found["events"]), 20)


class Rest(D1Test):

    def test_sync_publishes_by_rest_and_a_second_one_sends_nothing(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        first = self.counts(place.vinny("sync", "--json"))
        self.assertGreater(first["rows_written"], 100)
        self.assert_equal_to_local(engine, place)
        self.assertFalse((place.data / "export.sql").exists())
        engine.stop()  # whoever asks now fails
        second = self.counts(place.vinny("sync", "--json"))
        self.assertEqual(0, second["rows_written"])
        self.assertEqual(first["rows_written"], second["rows_unchanged"])
        again = self.counts(place.vinny("export-d1", "--execute", "--json"))
        self.assertEqual(0, again["rows_written"])

    def test_a_changed_page_is_one_row(self):
        engine = self.d1()
        origin, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync"))
        host = "www.livnightclub.com"
        entry = next(e for e in origin.site.hosts[host].entries if "/deadmau5/" in e.path)
        html = origin.site.hosts[host].resources[entry.path].content().decode()
        origin.site.touch(host, entry.path, html.replace("One night only.", "Two in a row."))
        counts = self.counts(place.vinny("sync", "--json"))
        self.assertEqual(1, counts["rows_written"])
        self.assert_equal_to_local(engine, place)
        told = engine.query("SELECT description FROM events WHERE description = 'Two in a row.'")
        self.assertEqual(1, len(told))

    def test_addresses_of_the_old_domain_are_rewritten(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync", "--venues", "bluenote"))
        engine.query("INSERT INTO artists (id, slug, name, image) VALUES ('old', 'old', 'Old', "
                     "'https://pub-a209680121414327.r2.dev/artists/old/old_liv_hd.jpg')")
        self.assert_code(0, place.vinny("export-d1", "--execute", "--full"))
        (row,) = engine.query("SELECT image FROM artists WHERE slug = 'old'")
        self.assertEqual(expected.PUBLIC_URL + "/artists/old/old_liv_hd.jpg", row["image"])

    def test_without_d1_export_sql_is_written_and_local_wins_over_a_configured_d1(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync", "--local"))
        self.assert_code(0, place.vinny("export-d1"))
        self.assertTrue((place.data / "export.sql").exists())
        self.assertEqual([], engine.query("SELECT name FROM sqlite_master WHERE name = 'events'"))
        place.configure(**QUICK)
        self.assert_code(0, place.vinny("sync"))
        outcome = self.assert_code(1, place.vinny("export-d1", "--execute"))
        for name in ("d1.account_id", "d1.database_id", "d1.api_token"):
            self.assertIn(name, outcome.err)

    def test_upload_with_sync_d1_publishes(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("scrape"))
        self.assert_code(0, place.vinny("images", "download"))
        self.assert_code(0, place.vinny("images", "upload-r2", "--sync-d1"))
        self.assert_equal_to_local(engine, place)
        self.assertGreater(len(engine.rows()["images"]), 40)

    def test_the_daemon_publishes_by_rest(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        running = self.start_daemon(place)
        document = running.wait_for_run(running.post_run(local=False))
        self.assertEqual("done", document["run"]["state"], document)
        forced = running.wait_for_run(running.post_run(steps=["publish"], local=False, execute=True,
                                                       full=True))
        self.assertEqual(document["run"]["counts"]["rows_written"],
                         forced["run"]["counts"]["rows_written"])
        running.stop()
        self.assert_equal_to_local(engine, place)

    def test_an_engine_that_is_overloaded_gets_everything_in_the_end(self):
        engine = self.d1({"every429": 2, "every503": 3})
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync"))
        self.assert_equal_to_local(engine, place)

    def test_each_refusal_has_its_own_message(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync", "--local"))
        for change, words in (({"CLOUDFLARE_API_TOKEN": "wrong-token-9"}, "Account > D1 > Edit"),
                              ({"CLOUDFLARE_ACCOUNT_ID": "other"}, "d1.account_id"),
                              ({"D1_DATABASE_ID": "nodb"}, "UUID")):
            outcome = self.assert_code(1, place.vinny("export-d1", "--execute", **change))
            self.assertIn(words, outcome.err)
            self.assertNotIn("wrong-token-9", outcome.err + outcome.out)
        self.assert_code(0, place.vinny("export-d1", "--execute"))
        engine.query("DROP TABLE table_tiers")
        engine.query("CREATE TABLE table_tiers (event_id TEXT, tier TEXT)")
        outcome = self.assert_code(1, place.vinny("export-d1", "--execute", "--full"))
        self.assertIn("proto/d1.sql", outcome.err)
        engine.query("DROP TABLE table_tiers")
        outcome = self.assert_code(0, place.vinny("export-d1", "--execute", "--full"))
        self.assert_equal_to_local(engine, place)

    def test_an_engine_that_is_away_fails_the_run_and_nothing_counts_as_published(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync", "--local"))
        engine.stop()
        child = place.start("export-d1", "--execute")
        outcome = self.assert_code(1, child.wait())
        self.assertIn("127.0.0.1", outcome.err)
        engine.start()
        place.configure(**QUICK, d1=engine.settings())
        self.assert_code(0, place.vinny("export-d1", "--execute"))
        self.assert_equal_to_local(engine, place)

    def test_two_catalogs_that_export_at_once_agree(self):
        engine = self.d1()
        origin, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync", "--local"))
        other = daemon.Workplace(origin, **QUICK, d1=engine.settings())
        self.addCleanup(other.remove)
        self.assert_code(0, other.vinny("sync", "--local"))
        children = [p.start("export-d1", "--execute") for p in (place, other)]
        for child in children:
            self.assert_code(0, child.wait())
        self.assert_equal_to_local(engine, place)


class Crashes(D1Test):

    def test_an_export_that_was_killed_in_the_middle_goes_on_from_there(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync", "--local", "--venues", "liv"))
        many_events.fill(place, 4000)
        whole = self.counts(place.vinny("export-d1", "--execute", "--json"))["rows_written"]
        took = self.assert_code(0, place.vinny("export-d1", "--execute", "--full")).seconds
        chance = random.Random(seed := int(os.environ.get("VINNY_SEED") or random.randrange(1 << 30)))
        left = int(os.environ.get("VINNY_D1_CRASHES", "5"))
        resumed = 0
        with self.subTest(seed=seed):
            while left:
                for table in reversed(cloudflare_d1.TABLES):
                    engine.query(f"DROP TABLE IF EXISTS {table}")
                with sqlite3.connect(place.data / "vinny.db", timeout=30) as catalog:
                    catalog.execute("DELETE FROM published WHERE target LIKE 'd1:%'")
                catalog.close()
                child = place.start("export-d1", "--execute")
                time.sleep(took * chance.uniform(0.05, 0.95))
                left -= child.running()
                child.kill()
                counts = self.counts(place.vinny("export-d1", "--execute", "--json"))
                self.assertEqual(whole, counts["rows_written"] + counts["rows_unchanged"])
                resumed += 0 < counts["rows_unchanged"] < whole
                if left % 5 == 0:
                    self.assert_equal_to_local(engine, place)
            self.assertGreater(resumed, 0, "kills in the middle")

    def test_killed_exports_are_completed_by_one_that_is_not(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync", "--local"))
        took = self.assert_code(0, place.vinny("export-d1", "--execute", "--full")).seconds
        seed = int(os.environ.get("VINNY_SEED") or random.randrange(1 << 30))
        chance = random.Random(seed)
        with self.subTest(seed=seed):
            for _ in range(int(os.environ.get("VINNY_D1_CRASHES", "5"))):
                for table in reversed(cloudflare_d1.TABLES):
                    engine.query(f"DROP TABLE IF EXISTS {table}")
                child = place.start("export-d1", "--execute", "--full")
                time.sleep(took * chance.uniform(0, 1.2))
                child.kill()
            self.assert_code(0, place.vinny("export-d1", "--execute", "--full"))
            self.assert_equal_to_local(engine, place)


class Wrangler(D1Test):

    def test_wrangler_reads_what_rest_has_written(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync"))
        keys = [row["composite_key"] for row in
                engine.by_wrangler("SELECT composite_key FROM events ORDER BY 1")]
        self.assertEqual([r["composite_key"] for r in
                          engine.query("SELECT composite_key FROM events ORDER BY 1")], keys)
        self.assertGreater(len(keys), 20)

    def test_wrangler_publishes_to_the_remote_and_to_its_local_database(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        with_wrangler = {"PATH": cloudflare_d1.search_path()}
        self.assert_code(0, place.vinny("sync", "--local"))
        self.assert_code(0, place.vinny("export-d1", "--use-wrangler", **with_wrangler))
        self.assert_equal_to_local(engine, place)
        counts = self.counts(place.vinny("export-d1", "--execute", "--json"))
        self.assertEqual(0, counts["rows_written"], "both ways share what is confirmed")
        local = ("export-d1", "--use-wrangler", "--local", "--json")
        self.assertGreater(self.counts(place.vinny(*local, **with_wrangler))["rows_written"], 100)
        state = place.data / "wrangler/.wrangler/state/v3/d1/miniflare-D1DatabaseObject"
        (file,) = [f for f in glob.glob(f"{state}/*.sqlite") if "metadata" not in f]
        self.assertEqual(compare.rows(place.data / "local-d1.sqlite"), compare.rows(file))
        self.assertEqual(0, self.counts(place.vinny(*local, **with_wrangler))["rows_written"])

    def test_what_wrangler_refuses_is_told(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync", "--local"))
        remote = ("export-d1", "--use-wrangler", "--full")
        path = {"PATH": cloudflare_d1.search_path()}
        outcome = self.assert_code(1, place.vinny(*remote, **path, CLOUDFLARE_API_TOKEN="canary-5"))
        self.assertIn("Account > D1 > Edit", outcome.err)
        self.assertNotIn("canary-5", outcome.err)
        outcome = self.assert_code(1, place.vinny(*remote, **path, D1_DATABASE_ID="nodb"))
        self.assertIn("database_id", outcome.err)
        outcome = self.assert_code(1, place.vinny(*remote, PATH="/nowhere"))
        self.assertIn("npm install -g wrangler", outcome.err)
        self.assertIn("--execute", outcome.err)

    def test_a_wrangler_that_hangs_or_babbles_is_bounded(self):
        engine = self.d1()
        _, place = self.serve_with(engine)
        self.assert_code(0, place.vinny("sync", "--local"))
        folder = self.folder("bin")
        fake = folder / "wrangler"
        fake.write_text("#!/bin/sh\nsleep 1000 & exec sleep 1000\n")
        fake.chmod(0o755)
        child = place.start("export-d1", "--use-wrangler", PATH=f"{folder}:/usr/bin:/bin")
        time.sleep(1)
        began = time.monotonic()
        child.signal(15)
        self.assert_code(130, child.wait())
        self.assertLess(time.monotonic() - began, daemon.short_enough)
        left = subprocess.run(["pgrep", "-f", "sleep 1000"], capture_output=True, check=False)
        self.assertEqual(b"", left.stdout, "nobody of the group is left")
        fake.write_text("#!/bin/sh\nhead -c 100000000 /dev/zero | tr '\\0' 'x'; echo no >&2; exit 3\n")
        outcome = self.assert_code(1, place.vinny("export-d1", "--use-wrangler",
                                                  PATH=f"{folder}:/usr/bin:/bin"))
        self.assertIn("wrangler ended with 3: no", outcome.err)


if __name__ == "__main__":
    unittest.main()
