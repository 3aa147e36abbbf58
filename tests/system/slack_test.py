# SPDX-License-Identifier: MIT
"""What a Slack channel is told of runs, by a webhook and by a bot, and that a Slack that refuses,
hangs or is not there is in nobody's way."""
import http.server
import json
import threading
import time
import unittest

from specimen_cases import SpecimenTest, jpeg
import daemon

HOOK = "/services/T000/B000/canary-hook-4711"
TOKEN = "xoxb-canary-token-4711"


class Slack:
    """Keeps (path, headers, body) of each message; `answer(path)` is (status, body) or None, and
    then nothing is answered."""

    def __init__(self):
        self.messages, self.answer = [], lambda path: (200, b"ok")
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.messages.append((self.path, dict(self.headers), body))
                answer = owner.answer(self.path)
                if answer is None:
                    time.sleep(60)
                    return
                self.send_response(answer[0])
                self.send_header("Content-Length", str(len(answer[1])))
                self.end_headers()
                self.wfile.write(answer[1])

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def texts(self):
        return [body["text"] for _, _, body in self.messages]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Notices(SpecimenTest):

    def setUp(self):
        super().setUp()
        self.slack = Slack()
        self.addCleanup(self.slack.stop)

    def images(self, count, delay_ms=0, **slack):
        source = jpeg("A", 400, 300)
        for number in range(count):
            self.specimen(7000001 + number,
                          self.herbaria.put("a.example", f"/{number}.jpg", source))
        self.begin(politeness={"delay_ms": delay_ms, "concurrency": 1}, slack=slack)

    def download(self, *flags, code=0, **environment):
        return self.assert_code(code, self.place.vinny("specimens", "download", *flags,
                                                       **environment))

    def nobody_knows(self, secret, *outcomes):
        for outcome in outcomes:
            self.assertNotIn(secret, outcome.out + outcome.err)
        for path in self.place.data.rglob("*"):
            if path.is_file() and path.suffix != ".toml":
                self.assertNotIn(secret.encode(), path.read_bytes(), path)

    def test_4_5_45_a_bot_answers_in_a_thread_under_its_first_message(self):
        self.slack.answer = lambda path: (200, b'{"ok":true,"ts":"1700000000.0001"}')
        self.images(24, 200, channel="#herbarium", every=5, api_url=self.slack.address + "/api")
        outcome = self.download(SLACK_BOT_TOKEN=TOKEN)
        for path, headers, body in self.slack.messages:
            self.assertEqual("/api/chat.postMessage", path)
            self.assertEqual("Bearer " + TOKEN, headers["Authorization"])
            self.assertEqual("#herbarium", body["channel"])
        threads = [body.get("thread_ts") for _, _, body in self.slack.messages]
        self.assertEqual([None] + ["1700000000.0001"] * (len(threads) - 1), threads)
        texts = self.slack.texts()
        self.assertIn("specimens-download began: 0 of 24 images are here, 24 wait", texts[0])
        self.assertIn("specimens-download done after", texts[-1])
        self.assertIn("24 images fetched, 0 were there, 0 failed, 0 left", texts[-1])
        self.assertIn("a second); ", texts[1])
        self.assertGreaterEqual(len(texts), 4)   # looked at once a second
        self.assertLessEqual(len(texts), 6)
        self.nobody_knows(TOKEN, outcome)

    def test_4_5_45_a_webhook_takes_the_start_and_the_end(self):
        self.images(3, every=0)
        outcome = self.download(SLACK_WEBHOOK_URL=self.slack.address + HOOK)
        self.assertEqual([HOOK] * 2, [path for path, _, _ in self.slack.messages])
        self.assertTrue(all("Authorization" not in headers for _, headers, _ in self.slack.messages))
        again = self.download(SLACK_WEBHOOK_URL=self.slack.address + HOOK)
        self.assertIn("3 of 3 images are here, 0 wait", self.slack.texts()[2])
        self.nobody_knows(HOOK, outcome, again)

    def test_the_hook_may_stand_in_the_env_file(self):
        self.images(1)
        (self.place.root / ".env").write_text(f"SLACK_WEBHOOK_URL={self.slack.address}{HOOK}\n")
        self.download()
        self.assertEqual(2, len(self.slack.messages))

    def test_4_5_45_without_a_channel_one_line_says_so(self):
        self.images(1)
        with daemon.Daemon(self.place) as service:
            self.download()
            outcome = service.stop()
        self.assertEqual(1, outcome.err.count("slack.webhook_url (SLACK_WEBHOOK_URL) is not set"))

    def test_4_5_45_what_slack_refuses_is_logged_once_and_the_run_goes_on(self):
        answers = {"a webhook": ((404, b"no_service"), {"SLACK_WEBHOOK_URL": self.slack.address + HOOK},
                                 "status 404; check slack.webhook_url"),
                   "a bot": ((200, b'{"ok":false,"error":"not_in_channel"}'),
                             {"SLACK_BOT_TOKEN": TOKEN}, "not_in_channel; check slack.bot_token"),
                   "no Slack": ((200, b"<html>"), {"SLACK_BOT_TOKEN": TOKEN}, "is not JSON")}
        self.images(2, channel="C1", api_url=self.slack.address + "/api")
        for name, (answer, environment, says) in answers.items():
            with self.subTest(name):
                self.slack.answer = lambda path, answer=answer: answer
                outcome = self.download(**environment)
                self.assertEqual(1, outcome.err.count(says), outcome)
                self.nobody_knows(TOKEN, outcome)
                self.nobody_knows(HOOK, outcome)

    def test_a_slack_that_hangs_or_is_gone_holds_nothing_up(self):
        self.slack.answer = lambda path: None
        self.images(12, 100)
        outcome = self.download("--json", SLACK_WEBHOOK_URL=self.slack.address + HOOK)
        run = json.loads(outcome.out)["run"]
        self.assertEqual(12, run["counts"]["specimens_fetched"])
        self.assertLess(outcome.seconds, 11 + 6)   # the end is told for 10 s at most
        took = self.query("SELECT (julianday(finished_at) - julianday(started_at)) * 86400 FROM runs "
                          "WHERE pipeline = 'specimens-download'")[0][0]
        self.assertLess(took, 6)
        self.slack.stop()
        gone = self.download(SLACK_WEBHOOK_URL=self.slack.address + HOOK)
        self.assertEqual(1, gone.err.count("Slack was not reached"), gone)
        self.nobody_knows(HOOK, outcome, gone)

    def test_a_bot_without_a_channel_and_a_hook_that_is_no_url_are_refused(self):
        self.images(1)
        outcome = self.place.vinny("specimens", "download", SLACK_BOT_TOKEN=TOKEN)
        self.assert_code(78, outcome)
        self.assertIn("slack.channel: is needed when bot_token is set", outcome.err)
        self.nobody_knows(TOKEN, outcome)
        outcome = self.place.vinny("specimens", "download", SLACK_WEBHOOK_URL="canary-4711")
        self.assert_code(78, outcome)
        self.assertIn("slack.webhook_url: must be an http or https URL", outcome.err)
        self.nobody_knows("canary-4711", outcome)


if __name__ == "__main__":
    unittest.main()
