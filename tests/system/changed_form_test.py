# SPDX-License-Identifier: MIT
"""A site that changes its form: the run says so each time, and nothing that it told is lost."""
import unittest

from cases import QUICK, SystemTest
import compare

HOST = "www.livnightclub.com"
EMPTY = "<!DOCTYPE html><title>LIV</title><div id=app></div><script src=/app.js></script>"


class ChangedForm(SystemTest):

    def test_pages_that_have_lost_their_events_fail_the_run_and_lose_nothing(self):
        served, place = self.serve(**QUICK)
        site = served.site
        self.assert_code(0, place.vinny("sync", "--local"))
        before = compare.rows(place.data / "local-d1.sqlite", timestamps=True)
        host = site.hosts[HOST]
        whole = {e.path: host.resources[e.path].content().decode() for e in host.entries
                 if e.path in host.resources}
        for path in whole:
            site.touch(HOST, path, EMPTY)
        for _ in range(2):
            outcome = self.assert_code(1, place.vinny("sync", "--local"))
            self.assertIn("none of them has an event", outcome.err)
            self.assertEqual(before, compare.rows(place.data / "local-d1.sqlite", timestamps=True))
        for path, html in whole.items():
            site.touch(HOST, path, html)
        self.assert_code(0, place.vinny("sync", "--local"))
        compare.assert_expected(self, site, place.data)

    def test_one_page_that_has_lost_its_event_among_others_is_believed(self):
        served, place = self.serve(**QUICK)
        self.assert_code(0, place.vinny("sync", "--local"))
        before = compare.rows(place.data / "local-d1.sqlite")["events"]
        entry = next(e for e in served.site.hosts[HOST].entries if "/deadmau5/" in e.path)
        served.site.touch(HOST, entry.path, EMPTY)
        outcome = self.assert_code(0, place.vinny("sync", "--local"))
        after = compare.rows(place.data / "local-d1.sqlite")["events"]
        gone = [e for e in before if e not in after]
        self.assertEqual([HOST + entry.path], [e["url"].partition("//")[2] for e in gone])
        self.assertNotIn(" 0 removed", outcome.out)


if __name__ == "__main__":
    unittest.main()
