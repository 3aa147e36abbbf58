# SPDX-License-Identifier: MIT
"""Two syncs at once: one works, the other says which run is active and exits 8."""
import unittest

from cases import SystemTest
import compare
import daemon

PACE = {"politeness": {"delay_ms": 60}}


class Lock(SystemTest):

    def both(self, origin, place, active_id):
        """Starts two; `active_id(first)` gives the id of the first one's run while it works."""
        first = place.start("sync", "--local", "--json")
        daemon.wait_until(lambda: len(origin.log.entries()) > 5 or not first.running(),
                          what="the first sync at work")
        second = place.vinny("sync", "--local")
        self.assertTrue(first.running(), "the first sync was over too soon to be in the way")
        outcome = self.assert_code(0, first.wait())
        self.assert_code(8, second)
        self.assertLess(second.seconds, daemon.short_enough)
        run_id = active_id(outcome)
        self.assertIn(run_id, second.err)
        compare.assert_expected(self, origin.site, place.data)

    def test_without_a_daemon(self):
        origin, place = self.serve(**PACE)
        self.both(origin, place, lambda outcome: run_of(outcome.json())["id"])
        self.assertEqual(1, len(place.run_ids()))

    def test_with_a_daemon(self):
        origin, place = self.serve(**PACE)
        running = self.start_daemon(place)
        self.both(origin, place, lambda outcome: run_of(outcome.json())["id"])
        listed = running.control.get("/v1/runs").json()
        self.assertEqual(1, len(listed["runs"] if isinstance(listed, dict) else listed))

    def test_no_daemon_beside_a_daemon_keeps_off_its_catalog(self):
        origin, place = self.serve(**PACE)
        running = self.start_daemon(place)
        run_id = running.post_run()
        daemon.wait_until(lambda: len(origin.log.entries()) > 5, what="the daemon at work")
        second = self.assert_code(8, place.vinny("--no-daemon", "sync", "--local"))
        self.assertIn(run_id, second.err)
        self.assertEqual("done", running.wait_for_run(run_id)["run"]["state"])

    def test_the_lock_goes_with_its_process(self):
        origin, place = self.serve(**PACE)
        first = place.start("sync", "--local")
        daemon.wait_until(lambda: len(origin.log.entries()) > 5, what="the first sync at work")
        first.kill()
        self.assert_code(0, place.vinny("sync", "--local"))
        compare.assert_expected(self, origin.site, place.data)


def run_of(document):
    return document.get("run", document)


if __name__ == "__main__":
    unittest.main()
