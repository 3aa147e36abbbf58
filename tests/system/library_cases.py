# SPDX-License-Identifier: MIT
"""What tests of the library have in common: lists, a lookup service, and what is in the table."""
import json
import sqlite3

from cases import SystemTest  # first: it knows where the supports are
import daemon
from lookup_service import LookupService

TOTALS = ("scanned", "enriched_match", "enriched_match_raced", "enriched_no_match", "lml_error")


class LibraryTest(SystemTest):
    contact = ""

    def setUp(self):
        self.service = LookupService()
        self.addCleanup(self.service.stop)
        self.place = daemon.Workplace(Bare())
        self.addCleanup(self.place.remove)
        self.settings()

    def settings(self, more="", lookup_url=None, library="throttle_ms = 0"):
        self.place.config.write_text(f"""data_dir = "{self.place.data}"
contact = "{self.contact}"
[control]
socket = "{self.place.socket}"
[library]
lookup_url = "{self.service.url if lookup_url is None else lookup_url}"
{library}
{self.database()}
{more}
""", encoding="utf-8")

    def database(self):
        """Keys of [library] that tell where it is."""
        return ""

    def wipe(self):
        self.place.wipe()

    def write(self, name, text):
        path = self.place.root / name
        path.write_text(text, encoding="utf-8")
        return path

    def library(self, rows):
        """Puts rows (id, artist, album[, url]) there; artists get ids by their order, and a Discogs
        id unless their name ends in '?'."""
        self.put(rows, {name: i for i, name in enumerate(sorted({row[1] for row in rows}), 1)})

    def put(self, rows, numbers):
        list_of_artists = "id,artist_name,discogs_artist_id\n" + "".join(
            f'{i},"{name}",{"" if name.endswith("?") else 1000 + i}\n'
            for name, i in numbers.items())
        list_of_rows = "id,artist_id,album_title,artwork_url\n" + "".join(
            f'{row[0]},{numbers[row[1]]},"{row[2]}",{row[3] if len(row) > 3 else ""}\n'
            for row in rows)
        outcome = self.place.vinny("library", "import", self.write("rows.csv", list_of_rows),
                                   self.write("artists.csv", list_of_artists))
        self.assertEqual(0, outcome.code, outcome)

    def mark_unavailable(self, row):
        self.assertEqual(0, self.place.vinny("library", "import", self.write(
            "more.jsonl", json.dumps({"id": row[0], "artist_id": row[1], "album_title": row[2],
                                      "discogs_unavailable": True}))).code)

    def put_row(self, row, artist, album):
        """A row by its artist's number, which may be nobody's."""
        self.place.vinny("library", "import", self.write(
            "row.csv", f"id,artist_id,album_title,artwork_url\n{row},{artist},{album},\n"))

    def artist_name(self, row):
        return self.query("SELECT artist_name FROM library WHERE id = ?", row)[0][0]

    def backfill(self, *more, code=0, **environment):
        outcome = self.place.vinny("library", "backfill", "--json", *more, **environment)
        self.assertEqual(code, outcome.code, outcome)
        self.last = outcome
        return json.loads(outcome.out.splitlines()[-1])

    def totals(self, *more, **how):
        out = self.backfill(*more, **how)
        return tuple(out[name] for name in TOTALS)

    def query(self, sql, *values):
        with sqlite3.connect(f"file:{self.place.data}/vinny.db?mode=ro", uri=True) as db:
            return db.execute(sql, values).fetchall()

    def artwork(self):
        return dict(self.query("SELECT id, artwork_url FROM library ORDER BY id"))

    def log(self):
        lines = [json.loads(line) for line in self.last.err.splitlines() if line.startswith("{")]
        return [line for line in lines if "tool" in line]


class Bare:
    """An origin of nothing, for a workplace whose configuration is written by the test."""

    def config(self, data, socket, **_):
        return f'data_dir = "{data}"\n'
