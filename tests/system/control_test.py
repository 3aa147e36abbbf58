# SPDX-License-Identifier: MIT
"""The control endpoint: runs, their events, and the guards of the TCP listener."""
import json
import socket
import unittest

from cases import QUICK, SystemTest
from control import Control
import daemon

TOKEN = "0123456789abcdef" * 4


class Runs(SystemTest):

    def setUp(self):
        self.origin, self.place = self.serve(politeness={"delay_ms": 50})
        self.daemon = self.start_daemon(self.place)
        self.control = self.daemon.control

    def assert_problem(self, status, answer):
        self.assertEqual(status, answer.status, answer.body)
        self.assertTrue(answer.headers["content-type"].startswith("application/problem+json"))
        self.assertTrue(answer.json()["type"].startswith("urn:vinny:problem:"), answer.body)
        return answer

    def test_a_run_from_post_to_done(self):
        answer = self.control.post_run()
        self.assertEqual(202, answer.status, answer.body)
        run_id = answer.json()["id"]
        self.assertEqual(f"/v1/runs/{run_id}", answer.headers["location"])
        self.assertIn(self.control.run(run_id)["run"]["state"], ("queued", "running"))
        second = self.assert_problem(409, self.control.post_run())
        self.assertIn(run_id, json.dumps(second.json()["active_run"]))
        document = self.daemon.wait_for_run(run_id)
        self.assertEqual("done", document["run"]["state"])
        self.assertEqual([], document["errors"])
        self.assertEqual("sync", document["run"]["pipeline"])
        self.assertLess(document["run"]["started_at"], document["run"]["finished_at"])
        self.assertEqual(len(self.origin.site.events), document["run"]["counts"]["events"])
        self.assertEqual(0, document["run"]["counts"]["pages_failed"])
        self.assertEqual(document, self.place.run_document(run_id))

    def test_delete_cancels_and_the_next_run_may_start(self):
        run_id = self.daemon.post_run()
        daemon.wait_until(lambda: len(self.origin.log.entries()) > 10, what="a run at work")
        self.assertIn(self.control.request("DELETE", f"/v1/runs/{run_id}").status,
                      (200, 202, 204))
        document = self.daemon.wait_for_run(run_id)
        self.assertEqual("cancelled", document["run"]["state"])
        again = self.daemon.post_run()
        self.assertEqual("done", self.daemon.wait_for_run(again)["run"]["state"])

    def test_what_cannot_be_is_told_as_a_problem(self):
        post = lambda body, kind="application/json": self.control.request(
            "POST", "/v1/runs", body=body, headers={"Content-Type": kind})
        self.assert_problem(404, self.control.get("/v1/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        self.assert_problem(404, self.control.get("/v1/nowhere"))
        self.assert_problem(400, post(b"{not json"))
        self.assert_problem(400, post(b'{"pipeline":"dance"}'))
        self.assert_problem(400, post(b'{"pipeline":"sync","venues":["no-such-venue"]}'))
        self.assert_problem(415, post(b"pipeline=sync", "application/x-www-form-urlencoded"))
        self.assert_problem(413, post(b'{"pipeline":"' + b"x" * (1 << 20) + b'"}'))
        answer = self.assert_problem(405, self.control.request("PUT", "/v1/runs", {}))
        self.assertIn("POST", answer.headers["allow"])
        self.assertEqual([], self.origin.log.entries())

    def test_events_come_in_order_and_can_be_replayed(self):
        run_id = self.daemon.post_run()
        seen = list(self.control.events(run_id, timeout=daemon.long_enough))
        self.assertEqual("finished", seen[-1].kind)
        self.assertEqual("done", seen[-1].data["state"])
        self.assertLessEqual({e.kind for e in seen}, {"progress", "log", "finished"})
        self.assertGreater(sum(e.kind == "progress" for e in seen), 1)
        ids = [int(e.id) for e in seen]
        self.assertEqual(sorted(set(ids)), ids)
        for event in seen:
            if event.kind == "progress":
                self.assertEqual(run_id, event.data["run_id"])
        middle = seen[len(seen) // 2]
        replayed = list(self.control.events(run_id, last_event_id=middle.id,
                                            timeout=daemon.short_enough))
        self.assertEqual([(e.id, e.kind, e.data) for e in seen if int(e.id) > int(middle.id)],
                         [(e.id, e.kind, e.data) for e in replayed])

    def test_the_command_works_through_the_daemon(self):
        outcome = self.assert_code(0, self.place.vinny("sync", "--local", "--json"))
        run_id = outcome.json()["run"]["id"]
        self.assertEqual("done", self.control.run(run_id)["run"]["state"])

    def test_contract_and_page_are_served(self):
        document = self.control.get("/v1/openapi.json").json()
        self.assertIn("/v1/runs", document["paths"])
        page = self.control.get("/", Accept="text/html")
        self.assertEqual(200, page.status)
        self.assertIn("default-src 'none'", page.headers["content-security-policy"])


class Tcp(SystemTest):

    def setUp(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        token = self.folder("token") / "token"
        token.touch(mode=0o600)
        token.write_text(TOKEN + "\n")
        self.origin, self.place = self.serve(
            listen=f"127.0.0.1:{self.port}", token_file=token, **QUICK)
        self.start_daemon(self.place)
        self.control = Control(("127.0.0.1", self.port), token=TOKEN)

    def test_guards(self):
        status = "/v1/status"
        own = f"http://127.0.0.1:{self.port}"
        json_type = {"Content-Type": "application/json"}
        rows = [  # method, path, headers, acceptable answers
            ("GET", status, {}, {200}),
            ("GET", status, {"Authorization": None}, {401}),
            ("GET", status, {"Authorization": "Bearer " + "f" * 64}, {401, 403}),
            ("GET", status, {"Authorization": "Bearer " + TOKEN[:-1]}, {401, 403}),
            ("GET", status, {"Authorization": "Basic " + TOKEN}, {401, 403}),
            ("GET", status + "?token=" + TOKEN, {"Authorization": None}, {401}),
            ("GET", "/livez", {"Authorization": None}, {200}),
            ("GET", status, {"Host": "evil.example"}, {403, 421}),
            ("GET", status, {"Host": f"evil.example:{self.port}"}, {403, 421}),
            ("GET", status, {"Host": f"localhost:{self.port}"}, {200}),
            ("POST", "/v1/runs", {**json_type, "Origin": "http://evil.example"}, {403}),
            ("POST", "/v1/runs", {**json_type, "Origin": "null"}, {403}),
            ("POST", "/v1/runs", {**json_type, "Sec-Fetch-Site": "cross-site"}, {403}),
            ("POST", "/v1/runs", {**json_type, "Origin": own, "Authorization": None}, {401}),
            ("POST", "/v1/runs", {**json_type, "Host": "evil.example"}, {403, 421}),
        ]
        for method, path, headers, wanted in rows:
            with self.subTest(method=method, path=path.split("?")[0], headers=headers):
                body = b'{"pipeline":"sync","local":true}' if method == "POST" else None
                answer = self.control.request(method, path, headers=headers, body=body)
                self.assertIn(answer.status, wanted, answer.body)
                self.assertNotIn("access-control-allow-origin", answer.headers)
        self.assertEqual([], self.origin.log.entries(), "a refused request started a run")

    def test_with_the_token_and_its_own_origin_a_run_starts(self):
        answer = self.control.request("POST", "/v1/runs", {"pipeline": "sync", "local": True},
                                      headers={"Origin": f"http://127.0.0.1:{self.port}"})
        self.assertEqual(202, answer.status, answer.body)


if __name__ == "__main__":
    unittest.main()
