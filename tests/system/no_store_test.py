# SPDX-License-Identifier: MIT
"""`store.endpoint` at something that is no store: nothing is believed of it, nothing is lost by it,
and a person is told what to mend."""
import http.server
import sqlite3
import threading
import unittest

from cases import QUICK, SystemTest


class Answers(http.server.BaseHTTPRequestHandler):
    """The same to everything, as a captive portal or a load balancer does."""
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b"" if self.command == "HEAD" else b"<html>hello</html>"
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.asked += 1

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass


class NoStore(SystemTest):

    def web(self, status):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        server.status, server.asked = status, 0
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def settings(self, server):
        return {**QUICK, "store": {
            "kind": "s3", "endpoint": f"http://127.0.0.1:{server.server_port}", "bucket": "images",
            "access_key_id": "AKID", "secret_access_key": "secret-of-the-test-0123456789",
            "public_url": "https://img.example.org"}}

    def facts(self, place, sql):
        with sqlite3.connect(f"file:{place.data}/vinny.db?mode=ro", uri=True) as base:
            found = base.execute(sql).fetchall()
        base.close()
        return found

    def test_what_is_no_store_halts_and_costs_nothing(self):
        for status in (404, 200, 403):
            with self.subTest(status=status):
                server = self.web(status)
                origin, place = self.serve(**self.settings(server))
                outcome = self.assert_code(1, place.vinny("sync", "--local", "--venues", "liv"))
                self.assertIn("store.endpoint", outcome.err)
                self.assertLess(server.asked, 200)
                self.assertEqual([(0,)], self.facts(place, "SELECT count(*) FROM objects"))
                states = "SELECT DISTINCT state, stored FROM renditions"
                self.assertEqual([("done", 0)], self.facts(place, states))
                asked = len(origin.log.entries())
                self.assert_code(1, place.vinny("images", "upload-r2"))
                self.assertEqual(asked, len(origin.log.entries()))  # no picture was fetched again
                self.assertEqual([("done", 0)], self.facts(place, states))


if __name__ == "__main__":
    unittest.main()
