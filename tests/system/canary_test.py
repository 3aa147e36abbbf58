# SPDX-License-Identifier: MIT
"""Canaries in every credential, by every way in which one can be given, appear nowhere: not in the
log at its most talkative, not in an error, a metric, an answer of the API, a file or a command
line."""
import http.server
import os
import pathlib
import threading
import time
import unittest

from cases import QUICK, SystemTest
import daemon

NAMES = {"VINNY_STORE_ACCESS_KEY_ID": "store.access_key_id",
         "VINNY_STORE_SECRET_ACCESS_KEY": "store.secret_access_key",
         "CLOUDFLARE_API_TOKEN": "d1.api_token"}
NOBODY = "/artists/none"  # what a new store is asked for first: it may say that it is not there
PAGES = ("/livez", "/readyz?verbose", "/metrics", "/v1/status", "/v1/runs", "/v1/hosts",
         "/v1/errors", "/v1/openapi.json", "/v1/images", "/")


class Echo(http.server.BaseHTTPRequestHandler):
    """A D1 and a store that repeat what they were sent in every refusal."""
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.server.seen.append(self.headers["Authorization"])
        self.send_response(404 if self.path.endswith(NOBODY) else 403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = self.headers["Authorization"]
        self.server.seen.append(said)
        absent = self.path.endswith(NOBODY)
        body = (f"<Error><Code>{'NoSuchKey' if absent else 'AccessDenied'}</Code><Message>refused: {said}</Message>"
                f"<AWSAccessKeyId>{said.partition('Credential=')[2].partition('/')[0]}"
                "</AWSAccessKeyId></Error>").encode()
        self.send_response(404 if absent else 403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append(self.headers["Authorization"])
        said = self.headers["Authorization"].replace('"', "'")
        body = ('{"success":false,"result":null,"errors":[{"code":%d,"message":"%s"}]}' %
                (self.server.code, said)).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        return self.do_PUT() if self.path.startswith("/s3/") else self.do_POST()

    def log_message(self, *_):
        pass


class Canary(SystemTest):

    def setUp(self):
        self.canaries = []
        self.d1 = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        self.d1.seen, self.d1.status, self.d1.code = [], 403, 10000
        threading.Thread(target=self.d1.serve_forever, daemon=True).start()
        self.addCleanup(self.d1.server_close)
        self.addCleanup(self.d1.shutdown)
        self.settings = {"account_id": "acct", "database_id": "uuid-1",
                         "api_url": f"http://127.0.0.1:{self.d1.server_port}/client/v4"}
        self.origin, self.place = self.serve(**QUICK, d1=self.settings)
        self.assert_code(0, self.place.vinny("sync", "--local", "--venues", "bluenote"))

    def canary(self, name):
        value = f"canary-{name.replace('.', '-').replace('_', '-')}-{len(self.canaries)}-4e1f"
        self.canaries.append(value)
        return value

    def assert_silent(self, text, where):
        text = text if isinstance(text, bytes) else text.encode()
        for canary in self.canaries:
            self.assertNotIn(canary.encode(), text, where)

    def assert_nothing_in_files(self, but=()):
        for path in self.place.root.rglob("*"):
            if path.is_file() and not path.is_symlink() and path not in but:
                self.assert_silent(path.read_bytes(), path)

    def ways(self, store=None):
        """(name, environment, files that hold the secrets) for each way to give them."""
        root, store = self.place.root, store or {"kind": "directory", "directory": "public"}
        self.place.configure(**QUICK, store=store, d1=self.settings)
        yield "environment", {v: self.canary(k) for v, k in NAMES.items()}, ()
        dotenv = root / ".env"
        dotenv.write_text("".join(f"{v}={self.canary(k)}\n" for v, k in NAMES.items()))
        yield ".env", {}, (dotenv,)
        dotenv.unlink()
        folder = root / "credentials"
        folder.mkdir()
        files = []
        for key in ("store.access_key_id", "store.secret_access_key", "d1.api_token"):
            files.append(folder / key)
            files[-1].write_text(self.canary(key) + "\n")
        yield "credentials", {"CREDENTIALS_DIRECTORY": str(folder)}, tuple(files)
        for file in files:
            file.unlink()
        store = {**store, "access_key_id": self.canary("file"),
                 "secret_access_key": self.canary("file")}
        self.place.configure(**QUICK, store=store,
                             d1={**self.settings, "api_token": self.canary("file")})
        yield "file", {}, (self.place.config,)

    def test_no_secret_is_told_anywhere(self):
        for way, environment, files in self.ways():
            with self.subTest(way=way):
                self.d1.seen.clear()
                self.d1.status, self.d1.code = 403, 10000
                outcome = self.place.vinny("export-d1", "--execute", "--full", **environment)
                self.assertEqual(1, outcome.code, str(outcome))
                self.assertTrue(self.d1.seen and "canary-" in self.d1.seen[0],
                                "the secret is in use, so that there is something to tell")
                self.assert_silent(outcome.out + outcome.err, "refused export")
                for arguments in (("doctor",), ("doctor", "--json"), ("config", "show"),
                                  ("config", "check"), ("status", "--json"), ("runs", "--json"),
                                  ("runs", "latest", "--json"), ("sync", "--dry-run"),
                                  ("export-d1", "--json"),
                                  ("export-d1", "--use-wrangler", "--json")):
                    done = self.place.vinny(*arguments, **environment)
                    self.assert_silent(done.out + done.err, arguments)
                self.assert_nothing_in_files(files)
                self.daemon_is_silent(environment, files)

    def daemon_is_silent(self, environment, files, **run):
        self.d1.status, self.d1.code = 400, 7500
        child = self.place.start("--log-level", "trace", program="vinnyd", **environment)
        control = daemon.Control(self.place.socket)
        daemon.wait_until(lambda: self.place.socket.exists(), daemon.short_enough, "the socket")
        time.sleep(0.2)
        run = run or {"steps": ["publish"], "local": False, "execute": True, "full": True}
        answer = control.post_run(**run)
        self.assertEqual(202, answer.status)
        daemon.wait_until(lambda: control.run(answer.json()["id"])["run"]["state"] == "failed",
                          daemon.short_enough * 3, "a refusal")
        for page in (*PAGES, f"/v1/runs/{answer.json()['id']}"):
            self.assert_silent(control.request("GET", page).body, page)
        own = pathlib.Path(f"/proc/{child.process.pid}")
        self.assert_silent((own / "cmdline").read_bytes(), "command line")
        self.assert_nothing_in_files(files)
        child.signal(15)
        outcome = self.assert_code(0, child.wait())
        self.assertIn('"level":"debug"', outcome.err)
        self.assert_silent(outcome.out + outcome.err, "log")

    def test_no_key_of_a_store_is_told_anywhere(self):
        """The store repeats whatever it was sent, signature and key id, in every refusal."""
        store = {"kind": "s3", "endpoint": f"http://127.0.0.1:{self.d1.server_port}/s3",
                 "bucket": "images"}
        for way, environment, files in self.ways(store):
            with self.subTest(way=way):
                self.d1.seen.clear()
                self.d1.status, self.d1.code = 403, 10000
                for arguments in (("images", "upload-r2"), ("images", "upload-r2", "--validate"),
                                  ("doctor",), ("doctor", "--json"), ("config", "show"),
                                  ("sync", "--local", "--venues", "bluenote", "--json")):
                    done = self.place.vinny(*arguments, **environment)
                    self.assert_silent(done.out + done.err, arguments)
                self.assertTrue(any("Credential=canary-" in one for one in self.d1.seen),
                                "the key is in use, so that there is something to tell")
                self.assert_nothing_in_files(files)
                self.daemon_is_silent(environment, files, steps=["upload"], local=True)

    def test_wrangler_gets_the_token_by_its_environment_alone(self):
        token = self.canary("wrangler")
        folder = self.folder("bin")
        fake = folder / "wrangler"
        fake.write_text("#!/bin/sh\n"
                        f"env > {folder}/environment; echo \"$0 $@\" > {folder}/arguments\n"
                        f"tr '\\0' ' ' < /proc/$$/cmdline >> {folder}/arguments\n"
                        "echo \"{\\\"error\\\":{\\\"text\\\":\\\"bad token $CLOUDFLARE_API_TOKEN"
                        "\\\"}}\"; exit 1\n")
        fake.chmod(0o755)
        other = self.canary("store")
        outcome = self.place.vinny("export-d1", "--use-wrangler", CLOUDFLARE_API_TOKEN=token,
                                   VINNY_STORE_ACCESS_KEY_ID="AKIA", PATH=f"{folder}:/usr/bin:/bin",
                                   VINNY_STORE_SECRET_ACCESS_KEY=other)
        self.assertEqual(1, outcome.code)
        self.assertIn("bad token <token>", outcome.err)
        self.assert_silent(outcome.out + outcome.err, "output")
        self.assert_silent((folder / "arguments").read_bytes(), "arguments")
        environment = (folder / "environment").read_text()
        self.assertIn(f"CLOUDFLARE_API_TOKEN={token}\n", environment)
        self.assertNotIn(other, environment)
        self.assert_nothing_in_files()


if __name__ == "__main__":
    unittest.main()
