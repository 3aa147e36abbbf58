# SPDX-License-Identifier: MIT
"""`vinny doctor` against R2's own emulator, D1's own engine and a public domain: all green where all
is well, and one red line with its cure for each thing that is wrong."""
import functools
import http.server
import json
import threading
import unittest

from cases import QUICK, SystemTest
import cloudflare_d1

ABSENT = cloudflare_d1.missing()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@unittest.skipIf(ABSENT, ABSENT)
class Doctor(SystemTest):

    def setUp(self):
        self.engine = cloudflare_d1.D1()
        self.addCleanup(self.engine.remove)
        _, self.place = self.serve(**QUICK)
        public = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Quiet, directory=str(self.place.data)))
        threading.Thread(target=public.serve_forever, daemon=True).start()
        self.addCleanup(public.server_close)
        self.addCleanup(public.shutdown)
        self.public = f"http://127.0.0.1:{public.server_port}"

    def configure(self, store=None, d1=None):
        self.place.configure(**QUICK, d1=self.engine.settings(**(d1 or {})), store={
            **self.engine.running.store(), "public_url": self.public, **(store or {})})
        self.place.config.chmod(0o600)  # it holds keys, and a warning when others can read it

    def lines(self, code):
        outcome = self.assert_code(code, self.place.vinny("doctor", "--json"))
        self.assertNotIn(self.engine.running.secret, outcome.out + outcome.err)
        return {one["name"]: one for one in json.loads(outcome.out)["checks"]}

    def test_green_where_all_is_well_and_red_with_a_cure_where_not(self):
        self.configure()
        before = self.lines(0)
        self.assertIn("nothing is stored yet", before["public_url"]["message"])
        self.assert_code(0, self.place.vinny("sync", "--venues", "liv"))
        states = {name: line["state"] for name, line in self.lines(0).items()}
        self.assertEqual({"ok"}, set(states.values()), states)
        wrong = (
            ("store", {"store": {"secret_access_key": "wrong-secret-012345678901"}}, "secret"),
            ("store", {"store": {"access_key_id": "nobody"}}, "store.access_key_id"),
            ("store", {"store": {"bucket": "no-such-bucket"}}, "no-such-bucket"),
            ("store", {"store": {"endpoint": "http://127.0.0.1:1"}}, "store.endpoint"),
            ("public_url", {"store": {"public_url": self.public + "/elsewhere"}}, "404"),
            ("public_url", {"store": {"public_url": "http://127.0.0.1:1"}}, "store.public_url"),
        )
        for name, change, word in wrong:
            with self.subTest(**change):
                self.configure(**change)
                line = self.lines(1)[name]
                self.assertEqual("fail", line["state"], line)
                self.assertIn(word, line["message"] + str(line["cure"]))
        self.configure(store={"public_url": "https://pub-1.r2.dev"})
        outcome = self.assert_code(78, self.place.vinny("doctor"))
        self.assertIn("r2.dev", outcome.err)
        for change, word in (({"api_token": "wrong-token"}, "token"), ({"account_id": "other"}, "account"),
                             ({"database_id": "nodb"}, "database"),
                             ({"api_url": "http://127.0.0.1:1"}, "d1")):
            with self.subTest(**change):
                self.configure(d1=change)
                red = [one for one in self.lines(1).values() if one["state"] == "fail"]
                self.assertTrue(red)
                self.assertIn(word, " ".join(one["message"] + str(one["cure"]) for one in red).lower())


if __name__ == "__main__":
    unittest.main()
