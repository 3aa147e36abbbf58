# SPDX-License-Identifier: MIT
"""`vinny sync --local`: exactly the expected rows and files, and nothing twice."""
import json
import unittest

from cases import QUICK, SystemTest, image_requests
import compare
import expected


class SyncLocal(SystemTest):

    def setUp(self):
        self.origin, self.place = self.serve(**QUICK)
        self.site, self.data = self.origin.site, self.place.data
        self.assert_code(0, self.place.vinny("sync", "--local"))

    def sync(self, *arguments):
        """One more run; returns what it asked of the origin."""
        self.origin.log.clear()
        self.assert_code(0, self.place.vinny("sync", "--local", *arguments))
        return self.origin.log.entries()

    def pages(self, entries):
        """Requests that are neither robots.txt nor a sitemap nor an image."""
        images = {id(e) for e in image_requests(self.site, entries)}
        return [e for e in entries if id(e) not in images and e["path"] != "/robots.txt"
                and e["path"] not in self.site.sitemap_paths(e["host"])]

    def test_rows_and_files_are_exactly_the_expected_ones(self):
        compare.assert_expected(self, self.site, self.data)

    def test_a_run_leaves_its_events_and_the_manifest(self):
        (run,) = self.place.run_ids()
        events = json.loads((self.data / "runs" / run / "events.json").read_text("utf-8"))
        entries = events if isinstance(events, list) else events["events"]
        self.assertEqual({r["composite_key"] for r in expected.expected_rows(self.site)["events"]},
                         {e["composite_key"] for e in entries})
        self.assertTrue(compare.manifest(self.data))

    def test_past_forbidden_and_unlisted_pages_are_never_asked_for(self):
        asked = {(e["host"], e["path"]) for e in self.origin.log.entries()}
        past = [p for h in self.site.hosts.values() for p in h.resources if "/last-month/" in p]
        self.assertEqual(1, len(past))
        for host, path in asked:
            self.assertFalse(self.site.forbidden(host, path), path)
            self.assertNotIn(path, past)
        self.assertFalse([p for _, p in asked if p.endswith(("/alesso/", "/zedd/", "/gone/"))])

    def test_every_request_names_vinny_and_the_contact(self):
        for entry in self.origin.log.entries():
            agent = {k.lower(): v for k, v in entry["headers"].items()}.get("user-agent", "")
            self.assertRegex(agent, r"(?i)^vinny/.*tests@example\.org", entry["path"])

    def test_a_second_run_fetches_nothing_and_writes_nothing(self):
        before = compare.snapshot(self.data)
        rows = compare.rows(self.data / "local-d1.sqlite", timestamps=True)
        stats = self.stats()
        entries = self.sync()
        undated = {(h.name, e.path) for h in self.site.hosts.values() for e in h.entries
                   if e.lastmod is None}
        self.assertEqual([], image_requests(self.site, entries))
        for entry in self.pages(entries):  # pages without a lastmod may be asked conditionally
            self.assertIn((entry["host"], entry["path"]), undated)
            self.assertEqual(304, entry["status"], entry["path"])
        self.assertEqual(before, compare.snapshot(self.data))
        self.assertEqual(rows, compare.rows(self.data / "local-d1.sqlite", timestamps=True))
        self.assertEqual(stats, self.stats())

    def stats(self):
        return {n: (p.stat().st_ino, p.stat().st_mtime_ns)
                for folder in (self.data, self.data / "public")
                for n, p in compare.image_files(folder).items()}

    def test_a_deleted_file_is_fetched_with_one_request(self):
        name = "artists/carl-cox/carl-cox_liv_hd.jpg"
        before = compare.snapshot(self.data)
        (self.data / name).unlink()
        asked = image_requests(self.site, self.sync())
        self.assertEqual(["GET"], [e["method"] for e in asked], asked)
        self.assertIn("/1500SC0/", asked[0]["path"])
        self.assertEqual(before, compare.snapshot(self.data))

    def test_a_changed_page_alone_is_read_again(self):
        host = "www.livnightclub.com"
        entry = next(e for e in self.site.hosts[host].entries if "/deadmau5/" in e.path)
        self.assertIn("T", entry.lastmod, "a coarse lastmod cannot tell of a change today")
        html = self.site.hosts[host].resources[entry.path].content().decode()
        before = compare.rows(self.data / "local-d1.sqlite", timestamps=True)["events"]
        self.site.touch(host, entry.path, html.replace("One night only.", "Two in a row."))
        entries = self.sync()
        fetched = [e["path"] for e in self.pages(entries) if e["status"] == 200]
        self.assertEqual([entry.path], fetched)
        self.assertEqual([], image_requests(self.site, entries))
        after = compare.rows(self.data / "local-d1.sqlite", timestamps=True)["events"]
        changed = [(b, a) for b, a in zip(before, after, strict=True) if a != b]
        self.assertEqual(["Two in a row."], [a["description"] for _, a in changed])
        self.assertEqual(changed[0][0]["created_at"], changed[0][1]["created_at"])

    def test_full_reads_every_page_again_and_fetches_no_image(self):
        entries = self.sync("--full")
        events = {r["url"].partition("//")[2] for r in expected.expected_rows(self.site)["events"]}
        asked = {e["host"] + e["path"] for e in self.pages(entries)}
        listed = {h.name + e.path for h in self.site.hosts.values() for e in h.entries}
        self.assertEqual(set(), (events & listed) - asked)
        self.assertEqual([], image_requests(self.site, entries))
        compare.assert_expected(self, self.site, self.data)


class OtherGround(SystemTest):

    def test_the_same_over_tls(self):
        origin, place = self.serve(tls=True, **QUICK)
        self.assert_code(0, place.vinny("sync", "--local"))
        compare.assert_expected(self, origin.site, place.data)

    def test_without_the_authority_no_page_is_read(self):
        origin, place = self.serve(tls=True, http={"ca_file": None}, politeness={"retries": 0})
        outcome = place.vinny("sync", "--local")
        self.assertIn(outcome.code, (1, 3), str(outcome))
        self.assertEqual([], origin.log.entries())

    def test_venues_restricts_the_run_to_their_site(self):
        origin, place = self.serve(**QUICK)
        self.assert_code(0, place.vinny("sync", "--local", "--venues", "bluenote"))
        rows = compare.rows(place.data / "local-d1.sqlite")
        self.assertEqual({"bluenote"}, {r["venue_tag"] for r in rows["events"]})
        self.assertEqual({"www.bluenote-club.example"}, {e["host"] for e in origin.log.entries()})


if __name__ == "__main__":
    unittest.main()
