# SPDX-License-Identifier: MIT
"""What tests of specimens have in common: herbaria on loopback, a list, and the catalog read."""
import sqlite3

from cases import SystemTest
import daemon
import pictures
from specimen_hosts import Herbaria


def jpeg(name, width=1600, height=1200):
    return pictures.jpeg(name, width, height)


class SpecimenTest(SystemTest):

    def setUp(self):
        self.herbaria = Herbaria()
        self.addCleanup(self.herbaria.stop)
        self.rows = []

    def specimen(self, gbif_id, *urls):
        self.rows += [f"{gbif_id}\tStillImage\t{url}\n" for url in urls]

    def begin(self, **tables):
        self.place = daemon.Workplace(self.herbaria, **tables)
        self.addCleanup(self.place.remove)
        path = self.place.root / "multimedia.txt"
        path.write_text("gbifID\ttype\tidentifier\n" + "".join(self.rows))
        self.assert_code(0, self.place.vinny("specimens", "ingest", path))

    def query(self, sql):
        with sqlite3.connect(f"file:{self.place.data}/vinny.db?mode=ro", uri=True) as base:
            rows = base.execute(sql).fetchall()
        base.close()
        return rows

    def failures(self):
        return {i >> 16: (reason, attempts) for i, reason, attempts in
                self.query("SELECT id, reason, attempts FROM specimen_failures")}

    def file(self, gbif_id, extension="jpg", number=0):
        digits = str(gbif_id)
        return (self.place.data / "specimens" / digits[:3] / (digits[3:6] or "000") /
                f"{digits}-{number:02}.{extension}")

    def totals(self):
        return dict(self.query("SELECT name, n FROM specimen_totals WHERE n <> 0"))

    def status(self):
        return self.assert_code(0, self.place.vinny("specimens", "status", "--json")).json()

    def check_counts(self):
        before = self.totals()
        self.assert_code(0, self.place.vinny("specimens", "ingest", "--finalize-only"))
        self.assertEqual(before, self.totals())
