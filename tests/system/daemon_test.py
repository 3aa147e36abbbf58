# SPDX-License-Identifier: MIT
"""vinnyd as a service: what it tells systemd, how it stops, resumes and reloads."""
import shutil
import signal
import subprocess
import unittest

from cases import QUICK, SystemTest, image_requests
import compare
import daemon

BAD_CONFIG = 'data_dir = "data"\n[http]\nconcurency = 3\n'


class Service(SystemTest):

    def test_it_tells_ready_status_watchdog_and_stopping(self):
        _, place = self.serve(**QUICK)
        running = self.start_daemon(place, watchdog_usec=600_000)
        self.assertLessEqual(running.ready_after, 1.0 * daemon.SLOW)
        daemon.wait_until(lambda: len(running.notify.lines("WATCHDOG=1")) >= 3,
                          daemon.short_enough, "three watchdog pings")
        pings = [at for at, _ in running.notify.lines("WATCHDOG=1")]
        self.assertLess(max(b - a for a, b in zip(pings, pings[1:])), 0.6)
        run_id = running.post_run()
        running.wait_for_run(run_id)
        status = [line for _, line in running.notify.lines("STATUS=")]
        self.assertTrue(any(len(line) > len("STATUS=") for line in status), status)
        outcome = self.assert_code(0, running.stop())
        self.assertTrue(running.notify.lines("STOPPING=1"), str(outcome))
        self.assertLess(outcome.seconds, 10 * daemon.SLOW)

    def test_sigterm_in_the_middle_ends_well_and_the_next_run_resumes(self):
        origin, place = self.serve(politeness={"delay_ms": 50})
        running = self.start_daemon(place)
        running.post_run()
        fetched = lambda: [e["host"] + e["path"] for e in image_requests(
            origin.site, origin.log.entries()) if e["status"] == 200]
        daemon.wait_until(lambda: len(fetched()) >= 8, what="a run in the middle")
        outcome = self.assert_code(0, running.stop())
        self.assertLess(outcome.seconds, 10 * daemon.SLOW)
        self.assertEqual([], compare.undecodable(place.data))
        self.assertEqual([], compare.leftovers(place.data))
        running.notify.close()
        again = self.start_daemon(place)
        run_id = again.post_run()
        self.assertEqual("done", again.wait_for_run(run_id)["run"]["state"])
        compare.assert_expected(self, origin.site, place.data)
        twice = len(fetched()) - len(set(fetched()))
        self.assertLessEqual(twice, 5, "only what was in flight may be asked for again")

    def test_a_second_signal_ends_it_at_once(self):
        origin, place = self.serve()
        running = self.start_daemon(place)
        running.post_run()
        daemon.wait_until(lambda: len(origin.log.entries()) > 8, what="a run in the middle")
        running.child.signal(signal.SIGTERM)
        running.child.signal(signal.SIGTERM)
        running.child.wait(3 * daemon.SLOW)
        self.assertEqual([], compare.undecodable(place.data))

    def test_a_bad_file_at_sighup_keeps_the_old_configuration(self):
        _, place = self.serve(**QUICK)
        running, good = self.start_daemon(place), place.config.read_text("utf-8")
        name = "vinny_config_last_reload_successful"

        def reload(text):
            before = len(running.notify.lines("READY=1"))
            place.config.write_text(text, "utf-8")
            running.child.signal(signal.SIGHUP)
            daemon.wait_until(lambda: len(running.notify.lines("READY=1")) > before,
                              daemon.short_enough, "READY=1 after the reload")

        reload(BAD_CONFIG)
        self.assertTrue(running.notify.lines("RELOADING=1"))
        self.assertEqual(0, running.control.metric(name))
        self.assertEqual(200, running.control.get("/livez").status)
        run_id = running.post_run(venues=["bluenote"])  # known only to the old configuration
        self.assertEqual("done", running.wait_for_run(run_id)["run"]["state"])
        reload(good)
        self.assertEqual(1, running.control.metric(name))
        self.assert_code(0, running.stop())

    def test_a_bad_file_at_the_start_is_78_with_its_lines(self):
        _, place = self.serve()
        place.config.write_text(BAD_CONFIG, "utf-8")
        outcome = self.assert_code(78, place.start(program="vinnyd").wait(daemon.short_enough))
        self.assertIn("vinny.toml:3", outcome.err)

    def test_health_metrics_and_status(self):
        _, place = self.serve(**QUICK)
        running = self.start_daemon(place)
        control = running.control
        self.assertEqual(200, control.get("/livez").status)
        self.assertEqual(200, control.get("/readyz").status)
        status = control.get("/v1/status").json()
        self.assertTrue(status["ready"])
        self.assertIsNone(status["active_run"])
        running.wait_for_run(running.post_run())
        metrics = control.get("/metrics")
        self.assertEqual(200, metrics.status)
        self.assertTrue(metrics.headers["content-type"].startswith("text/plain"))
        self.assertEqual(0, control.metric("vinny_run_active"))
        self.assertGreater(control.metric("process_resident_memory_bytes"), 0)
        if shutil.which("promtool"):
            check = subprocess.run(["promtool", "check", "metrics"], input=metrics.body,
                                   capture_output=True, check=False)
            self.assertEqual((0, b"", b""), (check.returncode, check.stdout, check.stderr))
        totals = control.get("/v1/status").json()["totals"]
        self.assertEqual(len(compare.rows(place.data / "local-d1.sqlite")["events"]),
                         totals["events"])

    def test_a_run_that_is_told_as_ended_leaves_its_place_to_the_next(self):
        _, place = self.serve(**QUICK)
        control = self.start_daemon(place).control
        for _ in range(20):
            answer = control.post_run(pipeline="specimens-download")
            self.assertEqual(202, answer.status, answer.body)
            run_id = answer.json()["id"]
            while control.run(run_id)["run"]["state"] in ("queued", "running"):
                pass
            self.assertEqual(0, control.metric("vinny_run_active"))

    def test_the_socket_is_for_owner_and_group_only_and_goes_at_the_end(self):
        _, place = self.serve()
        running = self.start_daemon(place)
        self.assertEqual(0o660, place.socket.stat().st_mode & 0o777)
        self.assert_code(0, running.stop())
        self.assertFalse(place.socket.exists())

    def test_a_stale_socket_of_a_killed_daemon_is_no_obstacle(self):
        _, place = self.serve()
        running = self.start_daemon(place)
        running.child.kill()
        running.notify.close()
        again = self.start_daemon(place)
        self.assertEqual(200, again.control.get("/livez").status)


class Sweep(SystemTest):

    def test_what_the_store_has_lost_is_put_again_without_being_asked_for(self):
        _, place = self.serve(**QUICK, store={"sweep_s": 5})
        self.assert_code(0, place.vinny("sync", "--local"))
        objects = sorted((place.data / "public").rglob("*.jpg"))
        for lost in (objects[7], objects[3]):  # the second daemon goes on where the first stopped
            whole = lost.read_bytes()
            lost.unlink()
            running = self.start_daemon(place)
            daemon.wait_until(lost.exists, daemon.long_enough, "the lost object")
            self.assertEqual(whole, lost.read_bytes())
            outcome = self.assert_code(0, running.stop())
            running.notify.close()
        self.assertIn("the store has lost an object", outcome.err)
        self.assertIn("objects are put again", outcome.err)


if __name__ == "__main__":
    unittest.main()
