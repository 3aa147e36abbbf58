# SPDX-License-Identifier: MIT
"""`vinny hosts`: what is known of hosts, and what an operator changes, with a daemon and without."""
import json
import unittest

from specimen_cases import SpecimenTest, jpeg

# Each image is tried once, and a host that fails is neither left alone nor given up.
ONCE = {"politeness": {"delay_ms": 0, "concurrency": 4, "retries": 0, "breaker_failures": 1000,
                       "quarantine_errors": 5, "robots": False}}


class Hosts(SpecimenTest):

    def begin_with_a_bad_host(self, images=8, **tables):
        for n in range(images):
            self.specimen(1000 + n, self.herbaria.put("good.example", f"/{n}.jpg", jpeg("A")))
            self.specimen(2000 + n, self.herbaria.put("bad.example", f"/{n}.jpg", b"", status=500))
        self.begin(**{**ONCE, **tables})

    def hosts(self, *command):
        return self.place.vinny("hosts", *command)

    def known(self):
        out = self.assert_code(0, self.hosts("list", "--json")).out
        return {one["host"]: one for one in json.loads(out)["hosts"]}

    def test_a_host_that_mostly_fails_is_quarantined_comes_last_and_can_be_released(self):
        # A pace, so that not all of a host's images are in hand at once.
        self.begin_with_a_bad_host(politeness={**ONCE["politeness"], "delay_ms": 20})
        self.assert_code(3, self.place.vinny("specimens", "download"))
        bad = self.known()["bad.example"]
        self.assertEqual((8, 0, 100.0), (bad["errors"], bad["answers"], bad["error_percent"]))
        self.assertTrue(bad["quarantined_at"])
        self.assertIn("quarantined since", self.hosts("list").out)
        # It is asked again, after all the others.
        for n in range(60):
            self.specimen(3000 + n, self.herbaria.put("good.example", f"/new{n}.jpg", jpeg("B")))
            self.specimen(4000 + n, self.herbaria.put("bad.example", f"/new{n}.jpg", b"",
                                                      status=500))
        path = self.place.root / "multimedia.txt"
        path.write_text("gbifID\ttype\tidentifier\n" + "".join(self.rows))
        self.assert_code(0, self.place.vinny("specimens", "ingest", path))
        del self.herbaria.asked[:]
        self.assert_code(3, self.place.vinny("specimens", "download"))
        order = [host for host, path in self.herbaria.images_asked() if path.startswith("/new")]
        self.assertEqual(["good.example"] * 20, order[:20])
        self.assertEqual(60, order.count("bad.example"))
        # Nothing is released by looking; a bad host is not among the healthy.
        told = self.assert_code(0, self.hosts("release", "--healthy", "--apply")).out
        self.assertIn("keep     bad.example", told)
        self.assertTrue(self.known()["bad.example"]["quarantined_at"])
        self.assert_code(0, self.hosts("release", "bad.example"))
        self.assertIsNone(self.known().get("bad.example", {"quarantined_at": None})
                          ["quarantined_at"])

    def test_a_healthy_host_is_released_when_it_is_said_so_and_not_before(self):
        self.begin_with_a_bad_host()
        self.assert_code(3, self.place.vinny("specimens", "download"))
        for n in range(16):
            self.specimen(5000 + n, self.herbaria.put("bad.example", f"/ok{n}.jpg", jpeg("C")))
        path = self.place.root / "multimedia.txt"
        path.write_text("gbifID\ttype\tidentifier\n" + "".join(self.rows))
        self.assert_code(0, self.place.vinny("specimens", "ingest", path))
        # An error after them, so that the answers are written down.
        self.specimen(6000, self.herbaria.put("bad.example", "/late.jpg", b"", status=500))
        path.write_text("gbifID\ttype\tidentifier\n" + "".join(self.rows))
        self.assert_code(0, self.place.vinny("specimens", "ingest", path))
        self.place.vinny("specimens", "download")
        told = self.assert_code(0, self.hosts("release", "--healthy")).out
        self.assertIn("RELEASE  bad.example", told)
        self.assertTrue(self.known()["bad.example"]["quarantined_at"])
        self.assert_code(0, self.hosts("release", "--healthy", "--apply"))
        self.assertIsNone(self.known().get("bad.example", {"quarantined_at": None})
                          ["quarantined_at"])

    def test_a_pace_that_is_set_is_kept_with_a_daemon_and_without(self):
        self.specimen(1000, *[self.herbaria.put("good.example", "/0.jpg", jpeg("A"))])
        for n in range(1, 6):
            self.specimen(1000 + n, self.herbaria.put("good.example", f"/{n}.jpg", jpeg("A")))
        self.begin(**ONCE)
        self.assert_code(0, self.hosts("set", "good.example", "--delay-ms", "300",
                                       "--concurrency", "1"))
        self.assertEqual(300, self.known()["good.example"]["delay_ms"])
        running = self.start_daemon(self.place)
        live = {h["host"]: h for h in running.control.get("/v1/hosts").json()["hosts"]}
        self.assertEqual((300, 1), (live["good.example"]["delay_ms"],
                                    live["good.example"]["concurrency"]))
        running.wait_for_run(running.post_run(pipeline="specimens-download"))
        at = sorted(at for _, path, at in self.herbaria.asked if path != "/robots.txt")
        self.assertEqual(6, len(at))
        self.assertGreater(at[-1] - at[0], 5 * 0.3 - 0.2)  # a busy origin may notice the first late
        self.assert_code(0, self.hosts("set", "good.example", "--default"))
        live = {h["host"]: h for h in running.control.get("/v1/hosts").json()["hosts"]}
        self.assertEqual((0, 4), (live["good.example"]["delay_ms"],
                                  live["good.example"]["concurrency"]))

    def test_bad_words_are_refused_by_name(self):
        self.specimen(1000, self.herbaria.put("good.example", "/0.jpg", jpeg("A")))
        self.begin(**ONCE)
        for command, code, word in (
                (("release",), 2, "which host"), (("release", "http://a/"), 2, "http://a/"),
                (("set", "a.example"), 2, "--delay-ms"),
                (("set", "a.example", "--delay-ms", "-1"), 2, "--delay-ms"),
                (("set", "a.example", "--concurrency", "0"), 2, "--concurrency")):
            outcome = self.assert_code(code, self.hosts(*command))
            self.assertIn(word, outcome.err)
        self.assertIn("no host", self.assert_code(0, self.hosts("list")).out)
        running = self.start_daemon(self.place)
        for body in ({"delay_ms": -1}, {"rate": 5}, []):
            answer = running.control.request("POST", "/v1/hosts/a.example", body)
            self.assertEqual(400, answer.status, answer.body)


if __name__ == "__main__":
    unittest.main()
