# SPDX-License-Identifier: MIT
"""A catalog that version 0.1.0 made of the site `escapes`, as it spelled addresses: what it has
fetched is not fetched again."""
import gzip
import pathlib
import sqlite3
import unittest

from cases import SystemTest
import escapes_site

CATALOG = pathlib.Path(__file__).with_name("catalogs") / "version_8.db.gz"


class Upgrade(SystemTest):

    def setUp(self):
        self.origin, self.place = self.serve("escapes", politeness={"delay_ms": 0})
        self.place.data.mkdir(parents=True)
        (self.place.data / "vinny.db").write_bytes(gzip.decompress(CATALOG.read_bytes()))
        for artist, length, size in self.query("SELECT artist_slug, bytes, size FROM renditions"):
            file = self.place.data / "artists" / artist / f"{artist}_hall_{size}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(bytes(length))

    def query(self, statement):
        with sqlite3.connect(self.place.data / "vinny.db") as catalog:
            rows = catalog.execute(statement).fetchall()
        catalog.close()
        return rows

    def asked(self):
        return [(e["host"], e["path"]) for e in self.origin.log.entries()
                if e["path"] != "/robots.txt"]

    def test_nothing_that_is_there_is_fetched_again(self):
        before = self.query("SELECT * FROM renditions ORDER BY 1, 2, 3")
        self.assertEqual(8, self.query("PRAGMA user_version")[0][0])
        self.assert_code(0, self.place.vinny("scrape", "--full"))
        self.assert_code(0, self.place.vinny("images", "download"))
        self.assertEqual([], [path for host, path in self.asked()
                              if host == escapes_site.PICTURES])
        self.assertEqual([("done", escapes_site.COUNT)],
                         self.query("SELECT state, count(*) FROM images GROUP BY state"))
        self.assertEqual({"http://" + escapes_site.PICTURES + escapes_site.address(n).replace("%7E", "~")
                          for n in range(escapes_site.COUNT)},
                         {url for url, in self.query("SELECT url FROM images")})
        self.assertEqual([row[5:8] for row in before],
                         [row[5:8] for row in self.query("SELECT * FROM renditions ORDER BY 1, 2, 3")])

    def test_a_picture_that_is_lost_is_asked_for_as_it_is_written(self):
        (self.place.data / "artists/act-00000/act-00000_hall_main.jpg").unlink()
        self.assert_code(0, self.place.vinny("scrape", "--full"))
        self.assert_code(0, self.place.vinny("images", "download"))
        self.assertEqual([escapes_site.address(0)], [path for host, path in self.asked()
                                                     if host == escapes_site.PICTURES])


if __name__ == "__main__":
    unittest.main()
