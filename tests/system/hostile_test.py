# SPDX-License-Identifier: MIT
"""The site `hostile`: each bad thing becomes one clear error, the rest comes out, nothing is
left half-written, and nothing gets out of the data directory."""
import re
import socket
import threading
import unittest

from cases import SystemTest
import compare
import expected
from faults import Fault
import sitemaps
from site_model import Site, Venue

IMPATIENT = {
    "http": {"connect_timeout_s": 1, "first_byte_timeout_s": 2, "stall_timeout_s": 2,
             "total_timeout_s": 60},
    "politeness": {"delay_ms": 10, "retries": 1, "breaker_failures": 1000}}


class Hostile(SystemTest):

    def setUp(self):
        self.origin, self.place = self.serve("hostile", **IMPATIENT)
        self.site, self.data = self.origin.site, self.place.data

    def outside(self):
        return {str(p) for p in self.place.root.rglob("*")
                if p.is_file() and self.data not in p.parents}

    def test_one_run_over_everything(self):
        before = self.outside()
        self.assert_code(3, self.place.vinny("sync", "--local"))
        self.assertEqual(before, self.outside(), "files outside of data_dir")
        self.assertEqual([], compare.leftovers(self.data))
        self.assertEqual([], compare.undecodable(self.data))
        (run_id,) = self.place.run_ids()
        document = self.place.run_document(run_id)
        self.assertEqual("partial", document["run"]["state"])
        self.check_errors(document["errors"])
        self.check_names()
        self.check_files()

    def check_errors(self, errors):
        for error in errors:
            self.assertLessEqual({"step", "key", "url", "reason", "message", "attempts"},
                                 set(error))
            self.assertTrue(error["message"], error)
        for part, reasons in self.site.trouble.items():
            with self.subTest(url=part):
                told = [e["reason"] for e in errors if part in f"{e['url']} {e['key']}"]
                self.assertTrue(told, f"no error names {part}")
                self.assertLessEqual(set(told), reasons)
        for event in self.site.events:
            if event.picture:  # what can be had is no error
                self.assertEqual([], [e for e in errors if event.path in (e["url"] or "")])

    def check_names(self):
        rows = compare.rows(self.data / "local-d1.sqlite")
        found = {e["url"].rstrip("/").rpartition("/")[2]: e for e in rows["events"]}
        for event in self.site.events:
            self.assertIn(event.path.split("/")[2], found)
        slugs = {slug: e["artist_slug"] for slug, e in found.items()}
        for slug in slugs.values():
            self.assertRegex(slug, r"^[a-z0-9](-?[a-z0-9]+)*$")
            self.assertLessEqual(len(slug), 80)
        self.assertEqual("etc", slugs["climber"])
        self.assertEqual(expected.slugify("A Night Without Names"), slugs["nobody"])
        for page in ("utada", "sheena", "troll"):
            self.assertTrue(re.fullmatch(r"artist-[0-9a-f]{8}", slugs[page]), slugs[page])
        self.assertNotEqual(slugs["utada"], slugs["sheena"])
        self.assertEqual("宇多田ヒカル", found["utada"]["artist_name"])
        self.assertEqual("Мумий Тролль", found["troll"]["artist_name"])
        twins = [e for e in rows["events"] if e["artist_slug"] == "twin-act"]
        self.assertEqual(1, len(twins), "one event on two pages")
        for event in rows["events"]:
            has_file = event["artist_image_url"] is not None
            path = (event["artist_image_url"] or "").replace(expected.PUBLIC_URL + "/", "")
            self.assertEqual(has_file, bool(path) and (self.data / path).is_file(), event["url"])

    def check_files(self):
        with_image = [e for e in self.site.events if e.picture]
        self.assertEqual(2 * len(with_image), len(compare.image_files(self.data)))
        self.assertIn("artists/etc/etc_hostile_hd.jpg", compare.image_files(self.data))

    def test_a_second_run_does_not_ask_for_what_was_rejected(self):
        self.place.vinny("sync", "--local")
        self.origin.log.clear()
        self.place.vinny("sync", "--local")
        asked = {e["path"] for e in self.origin.log.entries()}
        for path in ("/huge.png", "/tiny.jpg", "/truncated.jpg", "/page.jpg", "/good.jpg"):
            self.assertNotIn(path, asked)


class Guards(SystemTest):

    def test_a_redirect_never_reaches_a_private_address(self):
        """However it is spelled: nothing may connect to this listener."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        reached = []

        def accept():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                reached.append(connection.getpeername())
                connection.close()
        threading.Thread(target=accept, daemon=True).start()
        port = listener.getsockname()[1]
        origin, place = self.serve("overlap", **{
            **IMPATIENT, "http": {**IMPATIENT["http"], "ports": [80, 443, port]}})
        spellings = ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0",
                     "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]")
        for n, host in enumerate(spellings):
            origin.faults.add(Fault(path=f"/act-{n + 1}.jpg",
                                    redirect=f"http://{host}:{port}/secret"))
            origin.faults.add(Fault(path=f"/show/{n + 10}/",
                                    redirect=f"http://{host}:{port}/secret"))
        self.assert_code(3, place.vinny("sync", "--local"))
        self.assertEqual([], reached)
        files = compare.image_files(place.data)  # the pages and pictures beside them came out
        self.assertEqual(2 * (len(origin.site.events) - 2 * len(spellings)), len(files))

    def test_a_site_without_one_event_fails_loudly(self):
        import daemon
        import origin
        site = Site("barren")
        host = site.host("www.barren.example")
        site.venues = [Venue("barren", "Barren Hall", (), "schema-org", host.name)]
        for n in range(5):
            host.page(f"/show/{n}/", "<!DOCTYPE html><title>Show</title><p>Nothing here.</p>")
        sitemaps.serve(host, "/sitemap.xml",
                       lambda: sitemaps.urlset(site.base(host.name), host.entries))
        served = origin.Origin(site, self.folder("origin"))
        self.addCleanup(served.stop)
        place = daemon.Workplace(served, **IMPATIENT)
        self.addCleanup(place.remove)
        outcome = place.vinny("sync", "--local")
        self.assertIn(outcome.code, (1, 3), str(outcome))
        (run_id,) = place.run_ids()
        reasons = {e["reason"] for e in place.run_document(run_id)["errors"]}
        self.assertIn("no_events", reasons)
        self.assertRegex(outcome.err, r"(?i)barren")


if __name__ == "__main__":
    unittest.main()
