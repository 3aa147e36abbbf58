# SPDX-License-Identifier: MIT
"""Politeness, measured at the origin over a whole run at the default pace."""
import email.utils
import math
import os
import time
import unittest

from cases import SystemTest
import compare
from faults import Fault

GAP = 0.2
TOLERANCE = float(os.environ.get("VINNY_GAP_TOLERANCE", "0.01"))  # of the measuring, in seconds
ON_THE_WIRE = 0.02  # a request that was sent before the answer came in is no offence


class Politeness(SystemTest):

    def test_a_whole_run_keeps_every_limit(self):
        origin, place = self.serve()
        origin.latency = 0.08  # answers overlap, so that the bound in flight is put to the test
        until = math.ceil(time.time() + 6)  # HTTP-dates have whole seconds
        wall = time.time() - time.monotonic()
        origin.faults.add(Fault(host="www.wynnsocial.com", path="/sitemap.xml", times=1,
                                status=503, retry_after=email.utils.formatdate(until, usegmt=True)))
        origin.faults.add(Fault(host="venueeventartist.com", path="/imateq/*", times=1,
                                status=429, retry_after="3"))
        origin.faults.add(Fault(host="taogroup.com", path="/events/illenium/", times=1,
                                status=503, retry_after="2"))
        self.assert_code(0, place.vinny("sync", "--local"))
        entries = origin.log.entries()
        self.check_in_flight(entries)
        self.check_gaps(origin.site, entries)
        self.check_robots(origin.site, entries)
        windows = self.windows(entries, {"www.wynnsocial.com": until - wall})
        self.assertEqual(3, len(windows), windows)
        self.check_windows(entries, windows)
        compare.assert_expected(self, origin.site, place.data)

    def check_in_flight(self, entries):
        most = max(e["in_flight"] for e in entries)
        self.assertLessEqual(most, 5)
        self.assertGreater(most, 1, "the run was not concurrent: nothing was measured")

    def check_gaps(self, site, entries):
        close = []
        for name, host in site.hosts.items():
            starts = sorted((e["start"], e["path"]) for e in entries if e["host"] == name)
            gap = max(GAP, host.crawl_delay) - TOLERANCE
            # Crawl-delay is known once robots.txt has been read
            close += [(name, round(b[0] - a[0], 4), b[1])
                      for n, (a, b) in enumerate(zip(starts, starts[1:]))
                      if b[0] - a[0] < (gap if n else GAP - TOLERANCE)]
        self.assertEqual([], close, "requests to one host too close together")

    def check_robots(self, site, entries):
        self.assertEqual([], [e["path"] for e in entries if site.forbidden(e["host"], e["path"])])
        for name in site.hosts:
            asked = sorted((e["start"], e["path"]) for e in entries if e["host"] == name)
            self.assertTrue(asked, f"{name} was never asked")
            self.assertEqual("/robots.txt", asked[0][1], f"first request to {name}")

    def windows(self, entries, dates):
        out = []
        for e in entries:
            if e["status"] in (429, 503):
                seconds = {429: 3.0, 503: 2.0}[e["status"]]
                out.append((e["host"], e["finish"], dates.get(e["host"], e["finish"] + seconds)))
        return out

    def check_windows(self, entries, windows):
        for host, start, end in windows:
            self.assertGreater(end - start, 1.0, "the window had passed before it was told")
            inside = [(e["path"], round(e["start"] - start, 3)) for e in entries
                      if e["host"] == host and start + ON_THE_WIRE < e["start"] < end - 0.005]
            self.assertEqual([], inside, f"{host}: requests inside the Retry-After window")

    def test_a_server_error_for_robots_forbids_the_whole_host(self):
        origin, place = self.serve(politeness={"delay_ms": 20, "retries": 0})
        origin.faults.add(Fault(host="www.livnightclub.com", path="/robots.txt", status=500))
        self.assertIn(place.vinny("sync", "--local").code, (1, 3))
        asked = {e["path"] for e in origin.log.entries() if e["host"] == "www.livnightclub.com"}
        self.assertEqual({"/robots.txt"}, asked)


if __name__ == "__main__":
    unittest.main()
