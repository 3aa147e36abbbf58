# SPDX-License-Identifier: MIT
"""What a host refused on a bad day comes on a better one, and costs little meanwhile."""
import sqlite3
import ssl
import unittest

from specimen_cases import SpecimenTest, jpeg
import certificates

DAY_MS = 24 * 3600 * 1000
HOST = "ban.example"
NO_WAITING = {"delay_ms": 0, "concurrency": 4, "patience_s": 0}


class Refusals(SpecimenTest):

    def setUp(self):
        super().setUp()
        self.body = jpeg("plate", 300, 200)

    def put(self, count, status=200, first=0):
        for n in range(first, count):
            self.herbaria.put(HOST, f"/{n}.jpg", self.body if status == 200 else b"no", status=status)

    def list_images(self, count, scheme="http"):
        for n in range(count):
            self.specimen(1000 + n, f"{scheme}://{HOST}/{n}.jpg")

    def download(self):
        before = len(self.herbaria.images_asked())
        self.outcome = self.place.vinny("specimens", "download")
        return len(self.herbaria.images_asked()) - before

    def later(self, days):
        """The catalog as it looks so many days after."""
        with sqlite3.connect(self.place.data / "vinny.db") as catalog:
            catalog.execute("UPDATE specimen_failures SET revisit_at = max(1, revisit_at - ?1), "
                            "at = at - ?1 WHERE revisit_at > 0", (days * DAY_MS,))
            catalog.execute("UPDATE specimen_failures SET due_at = max(1, due_at - ?1) WHERE "
                            "due_at > 0", (days * DAY_MS,))
            catalog.execute("UPDATE hosts SET cooldown_until = '', breaker_until = ''")
        catalog.close()

    def fetched(self):
        return self.totals().get("images.success", 0)

    def test_a_ban_costs_a_few_requests_and_passes(self):
        self.put(50)
        self.put(300, 403, first=50)
        self.list_images(300)
        self.begin(politeness=NO_WAITING)
        asked = self.download()
        self.assertEqual(50, self.fetched())
        self.assertLessEqual(asked, 50 + 15)
        self.put(300)
        self.later(7)
        for _ in range(3):
            self.download()
        self.assertEqual({"images.success": 300, "gbif_ids.done": 300}, self.totals())
        self.check_counts()

    def test_a_certificate_that_is_renewed_loses_nothing(self):
        ca, good, good_key = certificates.make_certificates(self.folder("good"), [HOST])
        _, bad, bad_key = certificates.make_certificates(self.folder("bad"), [HOST])
        context = certificates.server_context(bad, bad_key)
        server = self.herbaria.server
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
        self.put(60)
        self.list_images(60, "https")
        self.begin(politeness=NO_WAITING)
        self.use_tls(ca)
        self.assertEqual(0, self.download())
        self.assertEqual({"tls_certificate"}, {reason for reason, _ in self.failures().values()})
        self.assertLess(len(self.failures()), 20)
        context.load_cert_chain(good, good_key)
        self.later(7)
        for _ in range(3):
            self.download()
        self.assertEqual({"images.success": 60, "gbif_ids.done": 60}, self.totals())

    def use_tls(self, ca):
        text = self.place.config.read_text().replace(f"{HOST}:80", f"{HOST}:443")
        self.place.config.write_text(text.replace("[http]", f"[http]\nca_file = {str(ca)!r}"))

    def retry(self, *options):
        out = self.assert_code(0, self.place.vinny("specimens", "retry", *options, "--json"))
        return out.json()

    def test_the_operator_opens_what_he_means(self):
        self.put(8, 404)
        self.list_images(8)
        for n in range(4):
            self.specimen(2000 + n, self.herbaria.put("other.example", f"/{n}.jpg", b"", status=404))
        self.specimen(3000, self.herbaria.put("other.example", "/x.jpg", b"hello", "text/plain"))
        self.begin(politeness=NO_WAITING)
        self.download()
        self.assertEqual(13, self.totals()["images.failed_permanent"])
        counted = self.retry("--reason", "http_404", "--host", HOST, "--dry-run")
        self.assertEqual({"http_404": 8}, counted["reasons"])
        self.assertEqual(13, self.totals()["images.failed_permanent"])
        self.assertEqual(0, self.retry("--since", "2100-01-01")["total"])
        opened = self.retry("--reason", "http_404", "--host", HOST)
        self.assertEqual(counted["reasons"], opened["reasons"])
        self.assertEqual(8, self.totals()["images.pending"])
        self.check_counts()
        self.put(8)
        self.assertEqual(8, self.download())
        self.assertEqual(8, self.fetched())


if __name__ == "__main__":
    unittest.main()
