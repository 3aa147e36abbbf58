# SPDX-License-Identifier: MIT
"""The daemon's log: a reader who stops, signals that change its level, `vinny logs`, and sockets and
descriptors that come with the start."""
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import unittest

from cases import QUICK, SystemTest
import daemon
from control import Control


# The socket becomes descriptor 3, and the process knows that it is meant (sd_listen_fds(3)).
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])
"""


def records(lines):
    return [json.loads(line) for line in lines.splitlines() if line]


def answers(place):
    try:
        return Control(place.socket).request("GET", "/livez").status == 200
    except OSError:
        return False


class Log(SystemTest):

    def place_of(self, **options):
        _, place = self.serve(**QUICK, **options)
        return place

    def start_raw(self, place, arguments=(), **options):
        """vinnyd with descriptors of our own."""
        child = subprocess.Popen(
            [daemon.binary("vinnyd"), "--config", str(place.config), *arguments],
            env=place.environment(), cwd=place.root, **options)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        daemon.wait_until(lambda: answers(place), daemon.short_enough, "an answer")
        return child, Control(place.socket)

    def test_a_reader_who_stops_stops_nobody(self):
        place = self.place_of()
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        child, control = self.start_raw(place, ["--log-level", "trace"], stderr=writing,
                                        stdin=subprocess.DEVNULL)
        os.close(writing)
        lost = 0
        for _ in range(100):  # each a line of 16 KiB; 64 KiB of a pipe and 4 MiB wait
            for _ in range(20):
                control.request("POST", "/v1/nothing/" + "x" * 14000)
            began = time.monotonic()
            self.assertEqual(200, control.request("GET", "/livez").status)
            self.assertLess(time.monotonic() - began, 0.1 * daemon.SLOW)
            metrics = control.request("GET", "/metrics").body.decode()
            lost = int(float([line.split()[-1] for line in metrics.splitlines()
                              if line.startswith("vinny_log_lines_lost_total")][0]))
            if lost > 10:
                break
        self.assertGreater(lost, 10)
        # It reads again, and is told.
        text = b""
        os.set_blocking(reading, False)
        end = time.monotonic() + daemon.short_enough
        while b'"step":"log"' not in text and time.monotonic() < end:
            try:
                text += os.read(reading, 1 << 20)
            except BlockingIOError:
                time.sleep(0.01)
        told = [line for line in records(text[:text.rindex(b"\n")].decode()) if line["step"] == "log"]
        self.assertEqual(lost, told[0]["lost"])
        # And it stops again, and the end is as ever.
        for _ in range(20):
            control.request("POST", "/v1/nothing/" + "x" * 14000)
        child.send_signal(signal.SIGTERM)
        self.assertEqual(0, child.wait(10 * daemon.SLOW))

    def test_signals_make_it_tell_more_and_less(self):
        place = self.place_of()
        running = self.start_daemon(place)
        for number, level in ((signal.SIGUSR1, "debug"), (signal.SIGUSR2, "info")):
            running.child.signal(number)
            daemon.wait_until(
                lambda: [line for line in records(place.vinny("logs", "--json").out)
                         if line.get("log_level") == level], daemon.short_enough, level)
        self.assertTrue(running.child.running())

    def test_logs_tells_the_last_lines_and_those_that_come(self):
        place = self.place_of()
        running = self.start_daemon(place)
        following = place.start("logs", "--follow", "--json", "--lines", "1")
        daemon.wait_until(following.has_said_something, daemon.short_enough, "a follower")
        run_id = running.post_run()
        running.wait_for_run(run_id)
        outcome = self.assert_code(0, place.vinny("logs", "--json", "--run", run_id))
        lines = records(outcome.out)
        self.assertEqual({run_id}, {line["run_id"] for line in lines})
        latest = self.assert_code(0, place.vinny("logs", "--json", "--run", "latest"))
        self.assertEqual(outcome.out, latest.out)
        all_lines = records(place.vinny("logs", "--json").out)
        self.assertEqual("ready", [line for line in all_lines if line["step"] == "daemon"][0]["message"])
        self.assertEqual(all_lines[-3:], records(place.vinny("logs", "--json", "-n", "3").out))
        loud = records(place.vinny("logs", "--json", "--level", "warn").out)
        self.assertLessEqual({line["level"] for line in loud}, {"warn", "error"})
        plain = self.assert_code(0, place.vinny("logs", "-n", "1"))
        self.assertIn(lines[-1]["message"][:10], place.vinny("logs", "--run", run_id).out)
        self.assertNotIn("{", plain.out[:1])
        self.assertNotIn("\x1b", plain.out)
        time.sleep(0.5 * daemon.SLOW)
        running.stop()
        followed = following.wait(daemon.short_enough)
        self.assertLessEqual({json.dumps(line) for line in lines},
                             {json.dumps(line) for line in records(followed.out)})

    def test_logs_without_a_daemon_or_with_a_wrong_wish(self):
        place = self.place_of()
        outcome = self.assert_code(6, place.vinny("logs"))
        self.assertIn("journalctl", outcome.err)
        self.start_daemon(place)
        self.assert_code(2, place.vinny("logs", "--level", "loud"))
        self.assert_code(2, place.vinny("logs", "--lines", "0"))
        self.assert_code(1, place.vinny("logs", "--run", "latest"))
        self.assert_code(1, place.vinny("logs", "--run", "nobody"))
        self.assertIn("--no-daemon", self.assert_code(2, place.vinny("logs", "--no-daemon")).err)

    def test_a_follower_of_a_daemon_that_stops_is_told(self):
        place = self.place_of()
        running = self.start_daemon(place)
        following = place.start("logs", "--follow")
        daemon.wait_until(following.has_said_something, daemon.short_enough, "a line")
        running.stop()
        self.assertIn("the daemon went away", self.assert_code(6, following.wait()).err)

    def test_a_daemon_whose_places_are_taken_is_waited_for(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < 4096:
            self.skipTest("too few descriptors")
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        place = self.place_of()
        self.start_daemon(place)
        for _ in range(1100):  # they say nothing, and lose their places after some seconds
            idle = socket.socket(socket.AF_UNIX)
            self.addCleanup(idle.close)
            idle.connect(str(place.socket))
        self.assert_code(0, place.vinny("hosts", "release", "a.example"))

    def test_closed_descriptors_do_not_become_the_catalog(self):
        place = self.place_of()
        command = f'exec "{daemon.binary("vinnyd")}" --config "{place.config}" <&- >&- 2>&-'
        child = subprocess.Popen(["/bin/sh", "-c", command], env=place.environment(), cwd=place.root)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        daemon.wait_until(lambda: answers(place), daemon.short_enough, "an answer")
        for fd in range(3):
            self.assertEqual("/dev/null", os.readlink(f"/proc/{child.pid}/fd/{fd}"))
        child.send_signal(signal.SIGTERM)
        self.assertEqual(0, child.wait(10 * daemon.SLOW))
        self.assertEqual(b"SQLite format 3\0", (place.data / "vinny.db").read_bytes()[:16])


class Activation(SystemTest):

    def test_a_socket_that_came_with_the_start_refuses_nobody_over_a_restart(self):
        _, place = self.serve(**QUICK)
        listening = socket.socket(socket.AF_UNIX)
        self.addCleanup(listening.close)
        listening.bind(str(place.socket))
        listening.listen(64)

        def start():
            command = [sys.executable, "-c", AS_SYSTEMD, str(listening.fileno()),
                       daemon.binary("vinnyd"), "--config", str(place.config)]
            child = subprocess.Popen(command, env=place.environment(), cwd=place.root,
                                     pass_fds=[listening.fileno()], stderr=subprocess.DEVNULL)
            self.addCleanup(child.wait)
            self.addCleanup(child.kill)
            return child

        first = start()
        control = Control(place.socket)
        self.assertEqual(200, control.request("GET", "/livez").status)
        first.send_signal(signal.SIGTERM)
        self.assertEqual(0, first.wait(10 * daemon.SLOW))
        self.assertTrue(place.socket.exists(), "the socket is its maker's")
        # Who asks now waits for the next one.
        waiting = socket.socket(socket.AF_UNIX)
        self.addCleanup(waiting.close)
        waiting.settimeout(daemon.short_enough)
        waiting.connect(str(place.socket))
        waiting.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        start()
        self.assertTrue(waiting.recv(4096).startswith(b"HTTP/1.1 200"))
        self.assert_code(0, place.vinny("logs", "--json"))


if __name__ == "__main__":
    unittest.main()
