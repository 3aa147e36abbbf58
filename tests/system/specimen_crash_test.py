# SPDX-License-Identifier: MIT
"""kill -9 at random moments of an ingest, a count and a download of specimens (VINNY_CRASHES times
in all, default 18; VINNY_SEED repeats a series): no success without its file, little is done twice,
and one undisturbed run makes it whole."""
import hashlib
import os
import pathlib
import random
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))

from specimen_cases import SpecimenTest
import list_generator  # noqa: E402
import pictures

TABLES = ("specimen_images", "specimen_files", "specimen_failures", "specimen_totals",
          "specimen_hosts", "specimen_rejects")


class Crashes(SpecimenTest):

    def setUp(self):
        super().setUp()
        self.seed = int(os.environ.get("VINNY_SEED") or random.randrange(1 << 30))
        self.chance = random.Random(self.seed)
        self.kills = int(os.environ.get("VINNY_CRASHES", "18")) // 3

    def whole(self):
        """All rows but for the moments at which they were written."""
        out = {}
        for table in TABLES:
            columns = [name for _, name, *_ in self.query(f"PRAGMA table_info({table})")
                       if name not in ("at", "due_at", "revisit_at", "detail")]
            where = "WHERE n <> 0" if table == "specimen_totals" else ""
            out[table] = self.query(f"SELECT {', '.join(columns)} FROM {table} {where} ORDER BY 1")
        numbers = {number: name for number, name in self.query("SELECT id, name FROM specimen_hosts")}
        for table, at in (("specimen_images", 1), ("specimen_hosts", 0)):
            out[table] = sorted((*row[:at], numbers[row[at]], *row[at + 1:]) for row in out[table])
        return out

    def files(self):
        root = self.place.data / "specimens"
        return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest()
                for p in root.rglob("*") if p.is_file()}

    def kill_in(self, *command):
        """One run that is killed somewhere; False: it came to its end before."""
        child = self.place.start(*command)
        end = time.monotonic() + self.took * self.chance.uniform(0, 1) ** 1.5
        while child.running() and time.monotonic() < end:
            time.sleep(0.002)
        if child.running():
            child.kill()
            return True
        child.wait()
        return False

    def timed(self, *command):
        began = time.monotonic()
        outcome = self.place.vinny(*command)
        self.took = time.monotonic() - began
        return outcome

    def test_a_killed_ingest_and_a_killed_count(self):
        self.specimen(1, self.herbaria.put("a.example", "/1.jpg", b""))
        self.begin()
        listing = self.place.root / "large.txt"
        list_generator.write(listing, 60_000, seed=3)
        ingest = ("specimens", "ingest", listing)
        for shuffled in (False, True):
            if shuffled:
                mixed = self.place.root / "mixed.txt"
                list_generator.shuffle(listing, mixed)
                ingest = ("specimens", "ingest", mixed)
            self.assert_code(0, self.timed(*ingest, "--reset"))
            whole = self.whole()
            self.assert_code(0, self.place.vinny("specimens", "ingest", listing.parent /
                                                 "multimedia.txt", "--reset"))
            for kill in range(self.kills // 2):
                with self.subTest(seed=self.seed, shuffled=shuffled, kill=kill):
                    if not self.kill_in(*ingest):
                        self.assert_code(0, self.place.vinny(
                            "specimens", "ingest", listing.parent / "multimedia.txt", "--reset"))
            self.assert_code(0, self.place.vinny(*ingest))
            mine = self.whole()
            for table in TABLES:  # what the small list named is retired, or was forgotten
                for side in (whole, mine):
                    side[table] = [row for row in side[table] if "a.example" not in row]
                self.assertEqual([], sorted({*whole[table]} ^ {*mine[table]}), (self.seed, table))
        count = ("specimens", "ingest", "--finalize-only")
        self.timed(*count)
        totals = self.totals()
        for _ in range(self.kills):
            self.kill_in(*count)
        self.assertEqual(totals, self.totals())
        self.assert_code(0, self.place.vinny(*count))
        self.assertEqual(totals, self.totals())

    def make_herbaria(self):
        picture = pictures.jpeg("A", 300, 200)
        for n in range(600):
            host = f"h{n % 6}.example"
            self.specimen(100_000_000 + n, self.herbaria.put(
                host, f"/{n}.jpg", picture, **({} if n % 10 else {"status": 404})))

    def ended(self):
        """The paths of images that have an end in the catalog, or their file in its place."""
        numbers = {i >> 16 for i, in self.query("SELECT id FROM specimen_images WHERE state <> 0")}
        numbers |= {int(p.name.split("-")[0]) for p in self.place.data.glob("specimens/*/*/*.jpg")}
        return {f"/{number - 100_000_000}.jpg" for number in numbers}

    def check_successes(self):
        for number, sha256, size, extension in self.query(
                "SELECT id, sha256, bytes, extension FROM specimen_files"):
            body = self.file(number >> 16, extension).read_bytes()
            self.assertEqual((size, sha256), (len(body), hashlib.sha256(body).digest()))

    def test_a_killed_download(self):
        self.make_herbaria()
        setting = {"politeness": {"delay_ms": 10, "robots": False},
                   "specimens": {"longest_edge": 0, "verify": "structure"}}
        self.begin(**setting)
        self.assert_code(3, self.timed("specimens", "download"))
        whole, files = self.whole(), self.files()
        self.begin(**setting)
        kills, ended = 0, set()
        while kills < self.kills:
            with self.subTest(seed=self.seed, kill=kills):
                del self.herbaria.asked[:]
                killed = self.kill_in("specimens", "download")
                # What had its row or its file is not asked for again.
                self.assertEqual(set(), ended & {path for _, path in self.herbaria.images_asked()})
                self.check_successes()
                ended = self.ended()
            if killed:
                kills += 1
                continue
            self.assertEqual(whole, self.whole(), self.seed)
            self.begin(**setting)  # nothing is left to be disturbed: begin anew
            ended = set()
        self.place.vinny("specimens", "download")
        self.assertEqual(whole, self.whole(), self.seed)
        self.assertEqual(files, self.files(), self.seed)
        self.assertEqual([], [p for p in self.place.data.glob(".vinny-tmp/*")])
        self.check_counts()


if __name__ == "__main__":
    unittest.main()
