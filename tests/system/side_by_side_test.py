# SPDX-License-Identifier: MIT
"""One run of each system at a time, all in one daemon: they share hosts, permits and the store, and
none waits for another's end."""
import json
import time
import unittest

from cases import SystemTest
import daemon
import pictures
from lookup_service import LookupService

GAP = 0.2
TOLERANCE = 0.01
SHARED = "img.escapes.example"  # events' pictures and specimens are there
ALBUMS = 40
SPECIMENS = 30


class SideBySide(SystemTest):

    def setUp(self):
        self.service = LookupService()
        self.addCleanup(self.service.stop)
        self.origin, self.place = self.serve("escapes")
        self.moths = self.place.root / "moths"
        self.moths.mkdir()
        for n in range(20):
            (self.moths / f"moth-{n}.jpg").write_bytes(pictures.jpeg(f"moth {n}", 400, 300))
        self.place.config.write_text(self.place.config.read_text() + f"""
[library]
lookup_url = "{self.service.url}"
throttle_ms = 20
[captures.collection.moths]
source = "{self.moths}"
[specimens]
longest_edge = 0
""")
        self.write("list.txt", "gbifID\tidentifier\n" + "".join(
            f"{1000 + n}\thttp://{SHARED}/specimen/{n}.jpg\n" for n in range(SPECIMENS)))
        self.write("rows.csv", "id,artist_id,album_title,artwork_url\n" + "".join(
            f"{n},1,Album {n},\n" for n in range(1, ALBUMS + 1)))
        self.write("artists.csv", "id,artist_name,discogs_artist_id\n1,Ana,1001\n")
        self.running = self.start_daemon(self.place)
        self.control = self.running.control
        for prepared in ({"pipeline": "specimens-ingest", "list": str(self.place.root / "list.txt")},
                         {"pipeline": "library-import", "files": [
                             str(self.place.root / name) for name in ("rows.csv", "artists.csv")]}):
            self.ended(self.started(prepared))

    def write(self, name, text):
        (self.place.root / name).write_text(text, encoding="utf-8")

    def started(self, wanted):
        answer = self.control.request("POST", "/v1/runs", wanted)
        self.assertEqual(202, answer.status, answer.body)
        return answer.json()["id"]

    def ended(self, run):
        self.running.wait_for_run(run)
        document = self.control.run(run)["run"]
        self.assertEqual("done", document["state"], document)
        return document

    def active(self):
        return {run["pipeline"]: run["id"] for run in self.control.get("/v1/status").json()["active_runs"]}

    def test_four_systems_work_at_once_and_one_host_keeps_its_pace(self):
        runs = {kind: self.started({"pipeline": kind, **more}) for kind, more in (
            ("specimens-download", {}), ("sync", {"local": True}),
            ("library-backfill", {}), ("captures-sync", {}))}
        active = self.active()
        self.assertLessEqual({"specimens-download", "sync"}, set(active))
        eldest = self.control.get("/v1/status").json()["active_run"]
        self.assertEqual(runs["specimens-download"], eldest["id"])
        for kind, run in active.items():
            self.assertEqual(runs[kind], run)
        # A second run of the same system is refused, by the name of the one that has its place.
        for kind, same in (("sync", "sync"), ("specimens-download", "specimens-ingest")):
            refused = self.control.request("POST", "/v1/runs", {"pipeline": same})
            self.assertEqual((409, runs[kind]), (refused.status, refused.json()["active_run"]))
        # What is short does not wait for what is long.
        self.assertEqual(20, self.ended(runs["captures-sync"])["counts"]["captures_added"])
        self.assertIn("specimens-download", self.active())
        done = {kind: self.ended(run)["counts"] for kind, run in runs.items()}
        self.assertEqual(SPECIMENS, done["specimens-download"]["specimens_fetched"])
        self.assertEqual(24, done["sync"]["images_fetched"])
        self.assertEqual(ALBUMS, done["library-backfill"]["scanned"])
        # No run has another's numbers.
        self.assertEqual(0, done["sync"]["specimens_fetched"])
        self.assertEqual(0, done["specimens-download"]["objects_put"])
        self.check_pace()
        self.check_turns()
        self.check_log(runs)
        self.assertEqual([], self.control.get("/v1/status").json()["active_runs"])
        for kind in runs:
            self.assertEqual(0, self.control.metric(f'vinny_runs_active{{pipeline="{kind}"}}'))

    def requests(self):
        return sorted((e["start"], e["path"]) for e in self.origin.log.entries()
                      if e["host"] == SHARED and e["path"] != "/robots.txt")

    def check_pace(self):
        starts = [start for start, _ in self.requests()]
        close = [round(b - a, 4) for a, b in zip(starts, starts[1:]) if b - a < GAP - TOLERANCE]
        self.assertEqual([], close)

    def check_turns(self):
        """While both want the host, it is asked for both."""
        mine = [path.startswith("/specimen/") for _, path in self.requests()]
        first, last = mine.index(False), len(mine) - 1 - mine[::-1].index(False)
        both = mine[first:last + 1]
        self.assertGreaterEqual(sum(both), len(both) // 4, mine)

    def check_log(self, runs):
        """Each line of a run carries that run's id."""
        body = self.control.get("/v1/logs?limit=10000").body.decode()
        lines = [json.loads(line) for line in body.splitlines() if line.startswith("{")]
        told = {line["pipeline"]: line["run_id"] for line in lines if line["message"] == "started"
                and "pipeline" in line}
        self.assertEqual(runs, {kind: told[kind] for kind in runs})
        strangers = [line for line in lines if line["step"] in ("scrape", "publish")
                     and line.get("run_id") not in (None, runs["sync"])]
        self.assertEqual([], strangers)

    def test_one_run_is_cancelled_and_the_other_goes_on(self):
        download = self.started({"pipeline": "specimens-download"})
        sync = self.started({"pipeline": "sync", "local": True})
        answer = self.control.request("DELETE", f"/v1/runs/{sync}")
        self.assertEqual("cancelled", answer.json()["run"]["state"])
        self.assertEqual({"specimens-download": download}, self.active())
        self.assertEqual(SPECIMENS, self.ended(download)["counts"]["specimens_fetched"])

    def test_verify_takes_the_place_of_those_whose_objects_it_looks_at(self):
        download = self.started({"pipeline": "specimens-download"})
        sync = self.started({"pipeline": "sync", "local": True})
        refused = self.control.request("POST", "/v1/runs", {"pipeline": "verify"})
        self.assertEqual((409, sync), (refused.status, refused.json()["active_run"]))
        self.control.request("DELETE", f"/v1/runs/{sync}")
        self.ended(self.started({"pipeline": "verify"}))
        self.assertEqual({"specimens-download": download}, self.active())

    def test_the_command_runs_one_system_while_the_daemon_works_on_another(self):
        self.started({"pipeline": "specimens-download"})
        began = time.monotonic()
        self.assert_code(0, self.place.vinny("captures", "sync"))
        self.assertIn("specimens-download", self.active(), time.monotonic() - began)
        status = self.assert_code(0, self.place.vinny("status"))
        self.assertIn("active   run ", status.out)

    def test_an_end_in_the_middle_loses_nothing_of_any(self):
        runs = [self.started({"pipeline": "specimens-download"}),
                self.started({"pipeline": "sync", "local": True})]
        daemon.wait_until(lambda: self.control.run(runs[0])["run"]["counts"]["specimens_fetched"] > 2)
        self.running.stop()
        self.assertEqual({"cancelled"}, {self.place.run_document(run)["run"]["state"] for run in runs})
        self.assert_code(0, self.place.vinny("specimens", "download"))
        self.assert_code(0, self.place.vinny("sync", "--local"))
        fetched = [path for _, path in self.requests()]
        self.assertEqual(len(fetched), len(set(fetched)), "something was fetched twice")


if __name__ == "__main__":
    unittest.main()
