# SPDX-License-Identifier: MIT
"""Stages overlap: with 200 ms an answer on separate hosts, a whole sync takes less than 1.3 times
its slowest stage."""
import unittest

from cases import SystemTest
import compare


class Overlap(SystemTest):

    def place(self):
        origin, place = self.serve("overlap")
        origin.latency = 0.2
        return origin, place

    def test_a_sync_takes_hardly_longer_than_its_slowest_stage(self):
        origin, place = self.place()
        scrape = self.assert_code(0, place.vinny("scrape")).seconds
        images = self.assert_code(0, place.vinny("images", "download")).seconds
        slowest = max(scrape, images)
        origin, place = self.place()
        whole = self.assert_code(0, place.vinny("sync", "--local")).seconds
        compare.assert_expected(self, origin.site, place.data)
        self.assertGreater(min(scrape, images), 4.0, "a stage was too short to measure by")
        self.assertLess(whole, 1.3 * slowest,
                        f"scrape {scrape:.1f} s, images {images:.1f} s, sync {whole:.1f} s")


if __name__ == "__main__":
    unittest.main()
