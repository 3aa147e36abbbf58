# SPDX-License-Identifier: MIT
"""kill -9 at random moments (VINNY_CRASHES times, default 12; VINNY_SEED repeats a series): what
is left is never torn, and one undisturbed run makes it whole."""
import os
import random
import time
import unittest

from cases import QUICK, SystemTest
import compare
import daemon


class Crashes(SystemTest):

    def test_killed_runs_leave_what_an_undisturbed_run_completes(self):
        origin, place = self.serve(**QUICK)
        took = self.assert_code(0, place.vinny("sync", "--local")).seconds
        compare.assert_expected(self, origin.site, place.data)
        whole = compare.snapshot(place.data)
        place.wipe()

        seed = int(os.environ.get("VINNY_SEED") or random.randrange(1 << 30))
        chance = random.Random(seed)
        kills = wanted = int(os.environ.get("VINNY_CRASHES", "12"))
        while kills:
            with self.subTest(seed=seed, kill=wanted - kills + 1):
                child = place.start("sync", "--local")
                # short and long lives alike: a share of what is left, or nearly nothing
                end = time.monotonic() + took * chance.uniform(0, 1) ** 2
                while child.running() and time.monotonic() < end:
                    time.sleep(0.002)
                if child.running():
                    child.kill()
                    kills -= 1
                    self.assertEqual([], compare.undecodable(place.data))
                    continue
                self.assert_code(0, child.wait())  # it came to its end first: begin anew
                self.assertEqual(whole, compare.snapshot(place.data))
                place.wipe()
        self.assert_code(0, place.vinny("sync", "--local"))
        self.assertEqual(whole, compare.snapshot(place.data))
        self.assertEqual([], compare.leftovers(place.data))
        compare.assert_expected(self, origin.site, place.data)

    def test_a_killed_daemon_releases_the_lock_and_its_successor_goes_on(self):
        origin, place = self.serve(**QUICK)
        running = self.start_daemon(place)
        running.post_run()
        daemon.wait_until(lambda: len(origin.log.entries()) > 30, what="a run in the middle")
        running.child.kill()
        running.notify.close()
        self.assertEqual([], compare.undecodable(place.data))
        successor = self.start_daemon(place)
        run_id = successor.post_run()
        self.assertEqual("done", successor.wait_for_run(run_id)["run"]["state"])
        compare.assert_expected(self, origin.site, place.data)


if __name__ == "__main__":
    unittest.main()
