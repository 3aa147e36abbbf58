# SPDX-License-Identifier: MIT
"""Answers that do not end, in some sixty ways: each costs no memory and no more than its deadline, and the
pictures of other hosts come. With VINNY_LONG=1 each way has a run of its own."""
import itertools
import os
import threading
import time
import unittest

from specimen_cases import SpecimenTest, jpeg
import daemon
from endless_host import EndlessHost

TOTAL = 4  # seconds for a whole exchange
MIB = 1 << 20
GOOD = 100


def resident(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Highest:
    """The most memory that a process has had resident while this lives."""

    def __init__(self, pid):
        self.pid, self.most, self._over = pid, resident(pid), False
        self.before = self.most
        self._thread = threading.Thread(target=self._watch)

    def _watch(self):
        while not self._over:
            self.most = max(self.most, resident(self.pid))
            time.sleep(0.01)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over = True
        self._thread.join()

    @property
    def growth(self):
        return self.most - self.before


class Endless(SpecimenTest):

    def setUp(self):
        super().setUp()
        self.endless = EndlessHost()
        self.addCleanup(self.endless.stop)
        self.bodies = [jpeg(f"good {i}", 300, 200) for i in range(GOOD)]

    def config(self):
        names = {f"{host}:80": f"127.0.0.1:{self.herbaria.port}" for host in self.herbaria.site}
        names.update(self.endless.connect_to())
        table = ", ".join(f'"{name}" = "{where}"' for name, where in sorted(names.items()))
        return (f'data_dir = "{self.place.data}"\n[control]\nsocket = "{self.place.socket}"\n'
                f'[http]\nconcurrency = 256\nconnect_to = {{ {table} }}\n'
                f'connect_timeout_s = 2\ntls_timeout_s = 2\nfirst_byte_timeout_s = 2\n'
                f'stall_timeout_s = 2\ntotal_timeout_s = {TOTAL}\n'
                '[politeness]\ndelay_ms = 0\nrobots = false\nretries = 0\n'
                '[images]\nmax_bytes = 4194304\n[specimens]\nverify = "structure"\n')

    def ingest(self, lines):
        path = self.place.root / "multimedia.txt"
        path.write_text("gbifID\ttype\tidentifier\n" + "".join(
            f"{number}\tStillImage\t{url}\n" for number, url in lines))
        self.assert_code(0, self.place.vinny("specimens", "ingest", path))

    def good(self, first):
        """Pictures of another host, fresh ones each time."""
        return [(first + i, self.herbaria.put("good.example", f"/{first + i}.jpg", body))
                for i, body in enumerate(self.bodies)]

    def run_of(self, running):
        answer = running.control.request("POST", "/v1/runs", {"pipeline": "specimens-download"})
        self.assertEqual(202, answer.status, answer.body)
        return running.wait_for_run(answer.json()["id"])

    def test_no_way_of_not_ending_costs_more_than_its_deadline(self):
        self.good(1_000_000)
        self.place = daemon.Workplace(self.herbaria)
        self.addCleanup(self.place.remove)
        self.place.config.write_text(self.config())
        running = self.start_daemon(self.place)
        ways = self.endless.urls()
        self.assertGreaterEqual(len(ways), 40)
        # The first run is for what any run needs: threads, buffers, pages of the catalog.
        self.ingest(self.good(1_000_000))
        self.run_of(running)
        together = 1 if os.environ.get("VINNY_LONG") == "1" else 8
        count = -(-len(ways) // together)
        for number in range(2, count + 2):
            # Ways of one kind are neighbours: each round has some of every kind.
            some = list(itertools.islice(ways.items(), number - 2, None, count))
            first = number * 1_000_000
            lines = self.good(first)
            lines += [(first + GOOD + i, url) for i, (_, url) in enumerate(some)]
            self.ingest(lines)
            with Highest(running.child.process.pid) as memory:
                self.run_of(running)
            kept = [n for n, _ in lines[:GOOD] if self.file(n).exists()]
            self.assertEqual(GOOD, len(kept), "pictures of the other host")
            names = [name for name, _ in some]
            if os.environ.get("VINNY_LONG") == "1":
                print(f"{memory.growth / MIB:6.1f} MiB  {names[0]}", flush=True)
            if not daemon.sanitized():
                self.assertLess(memory.growth, 16 * MIB, names)
        try:
            daemon.wait_until(lambda: not set(ways) - set(self.endless.ended), daemon.short_enough)
        except AssertionError:
            self.fail(f"still there: {set(ways) - set(self.endless.ended)}; not asked: "
                      f"{set(ways) - set(self.endless.asked)}")
        for name, seconds in self.endless.ended.items():
            with self.subTest(way=name):
                self.assertLess(seconds, TOTAL + 1 * daemon.SLOW)
        outcomes = dict(self.query(
            "SELECT urls, (SELECT reason FROM specimen_failures f WHERE f.id = i.id) "
            "FROM specimen_images i WHERE state & 7 <> 1"))
        self.assertEqual({url: True for url in ways.values()},
                         {url: bool(reason) for url, reason in outcomes.items()})


if __name__ == "__main__":
    unittest.main()
