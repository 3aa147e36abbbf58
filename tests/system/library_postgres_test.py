# SPDX-License-Identifier: MIT
"""The library in PostgreSQL: everything that the one in the catalog does, and what only a database
of somebody else's brings: others who write there, rights, and that it may be away."""
import json
import os
import random
import threading
import time
import unittest

import library_test  # first: it knows where the supports are
from library_cases import TOTALS, LibraryTest
import daemon
from postgres import Postgres, is_there
from lookup_service import found, missing

server = None


def setUpModule():
    global server
    if not is_there():
        raise unittest.SkipTest("PostgreSQL 15 is not installed")
    server = Postgres()


def tearDownModule():
    if server:
        server.remove()


def literal(text):
    return "NULL" if text is None else "'" + str(text).replace("'", "''") + "'"


class InPostgres:

    def setUp(self):
        self.schema = f"test {os.getpid()}_{random.getrandbits(40)}"
        self.url = server.url()
        self.sql(f'''CREATE SCHEMA "{self.schema}"''')
        self.make_tables()
        super().setUp()

    def make_tables(self):
        self.sql("""
CREATE TABLE artists (id serial PRIMARY KEY, artist_name varchar(128) NOT NULL,
  discogs_artist_id integer);
CREATE TABLE library (id serial PRIMARY KEY, artist_id integer NOT NULL,
  album_title varchar(128) NOT NULL, artwork_url varchar(512), artist_name varchar(128),
  discogs_unavailable boolean NOT NULL DEFAULT false, legacy_release_id integer);""")

    def sql(self, text):
        return server.sql(url=self.url, text=f'SET search_path = "{self.schema}";\n{text};')

    def database(self):
        return (f"database = {json.dumps(self.url)}\nschema = {json.dumps(self.schema)}\n"
                "application_name = \"vinny's tests\"")

    def wipe(self):
        super().wipe()
        self.sql("TRUNCATE library, artists")

    def put(self, rows, numbers):
        artists = ",".join(
            f"({i},{literal(name)},{'NULL' if name.endswith('?') else 1000 + i})"
            for name, i in numbers.items())
        albums = ",".join(
            f"({row[0]},{numbers[row[1]]},{literal(row[2])},"
            f"{literal(row[3] if len(row) > 3 else None)})" for row in rows)
        self.sql(f"INSERT INTO artists VALUES {artists};\n"
                 "INSERT INTO library (id, artist_id, album_title, artwork_url) VALUES "
                 f"{albums};\nANALYZE library; ANALYZE artists")

    def mark_unavailable(self, row):
        self.sql(f"UPDATE library SET discogs_unavailable = true WHERE id = {row[0]}")

    def put_row(self, row, artist, album):
        self.sql(f"INSERT INTO library (id, artist_id, album_title) VALUES "
                 f"({row}, {artist}, {literal(album)}) ON CONFLICT (id) DO UPDATE "
                 f"SET artist_id = {artist}, artist_name = NULL")

    def artist_name(self, row):
        return self.sql(f"SELECT artist_name FROM library WHERE id = {row}")[0][0]

    def artwork(self):
        return {int(i): url
                for i, url in self.sql("SELECT id, artwork_url FROM library ORDER BY id")}


class Backfill(InPostgres, library_test.Backfill):
    pass


class ArtistNames(InPostgres, library_test.ArtistNames):
    pass


class Search(InPostgres, library_test.Search):
    pass


class IndexedSearch(Search):

    def put(self, rows, numbers):
        super().put(rows, numbers)
        outcome = self.place.vinny("library", "index")
        self.assertEqual(0, outcome.code, outcome)
        self.sql(outcome.out)

    def test_the_indexes_are_used(self):
        rows = [(i, f"Artist {i % 997}", f"Album {i} of {i * 7919 % 10007}")
                for i in range(1, 20_001)]
        self.put(rows, {f"Artist {i}": i + 1 for i in range(997)})
        outcome = self.place.vinny("library", "search", "artist", "7919", "--json")
        self.assertEqual([i for i, _, album in rows if " 7919" in album],
                         sorted(row["id"] for row in outcome.json()["results"]))
        self.place.vinny("library", "search", "artist")  # more than are looked at
        time.sleep(0.5)  # until the server has counted
        unused = self.sql("SELECT indexrelname FROM pg_stat_user_indexes WHERE idx_scan = 0 AND "
                          f"schemaname = '{self.schema}' AND indexrelname LIKE 'vinny%'")
        self.assertLessEqual(set(unused), {("vinny_library_nameless",)})  # all rows are


class WhatElse(InPostgres, LibraryTest):

    def rows(self, count):
        self.library([(i, f"Artist {i % 50}", f"Album {i}") for i in range(1, count + 1)])

    def test_3_others_who_write_at_the_same_time_keep_what_they_wrote(self):
        self.rows(2_000)
        theirs = [i for i in range(1, 2_001) if i % 20 == 0]
        self.settings(library="throttle_ms = 0\nconcurrency = 8\nbatch_size = 200")

        def write(artist, album):
            number = int(album.split()[1])
            if number % 20 == 0:  # just when it is asked about
                with lock:
                    late.append(number)
            return found(artist, album)

        late, lock, over = [], threading.Lock(), threading.Event()

        def racer():
            while not over.is_set() or late:
                with lock:
                    now, late[:] = late[:], []
                if now:
                    self.sql("UPDATE library SET artwork_url = 'https://theirs.example.org/' || id "
                             f"|| '.jpg' WHERE id IN ({','.join(map(str, now))})")
                time.sleep(0.002)

        self.service.default = write
        other = threading.Thread(target=racer)
        other.start()
        try:
            out = self.backfill()
        finally:
            over.set()
            other.join()
        artwork = self.artwork()
        raced = out["enriched_match_raced"]
        for number in theirs:
            self.assertIsNotNone(artwork[number])
        kept = [i for i in theirs if artwork[i].startswith("https://theirs.")]
        # Who came later wrote over ours, as he may; nothing of his was written over.
        self.assertEqual(theirs, kept)
        self.assertEqual(2_000, out["enriched_match"] + raced)
        self.assertGreater(raced, 0)
        self.assertLessEqual(raced, len(theirs))
        self.assertEqual(0, out["remaining"])

    def test_rows_that_are_filled_beforehand_are_raced_exactly(self):
        self.rows(400)
        self.service.gate = threading.Event()
        filled = [i for i in range(1, 401) if i % 20 == 0]
        self.service.default = lambda artist, album: (
            self.service.gate.wait(30 * daemon.SLOW), found(artist, album))[1]
        self.settings(library="throttle_ms = 0\nconcurrency = 4\nbatch_size = 400")
        child = self.place.start("library", "backfill", "--json")
        daemon.wait_until(lambda: self.service.asked, what="a lookup")
        self.sql("UPDATE library SET artwork_url = 'https://theirs.example.org/' || id "
                 f"WHERE id IN ({','.join(map(str, filled))})")
        self.service.gate.set()
        outcome = child.wait()
        self.assertEqual(0, outcome.code, outcome)
        out = json.loads(outcome.out.splitlines()[-1])
        self.assertEqual((400, 380, 20, 0, 0),
                         tuple(out[name] for name in TOTALS))
        self.assertEqual({f"https://theirs.example.org/{i}" for i in filled},
                         {url for url in self.artwork().values() if "theirs" in url})

    def test_26_27_nothing_but_the_artwork_of_bare_rows_is_written(self):
        self.library([(1, "A", "One"), (2, "A", "Two", "https://i.example.org/2.jpg")])
        others = ("SELECT id, artist_id, album_title, artist_name, discogs_unavailable, "
                  "legacy_release_id FROM library ORDER BY id")
        self.sql("UPDATE library SET legacy_release_id = id")
        before = self.sql(others), self.sql("SELECT * FROM artists")
        self.assertEqual(1, self.backfill()["enriched_match"])
        self.assertEqual(before, (self.sql(others), self.sql("SELECT * FROM artists")))
        self.assertEqual("https://i.example.org/2.jpg", self.artwork()[2])

    def test_28_sessions_are_what_the_configuration_says(self):
        self.rows(3)
        self.settings(library="throttle_ms = 0\nstatement_timeout_ms = 123000")
        seen = []

        def look(artist, album):
            seen.extend(self.sql("SELECT application_name FROM pg_stat_activity WHERE query LIKE "
                                 "'%library%' AND application_name LIKE '%tests'"))
            return found(artist, album)

        self.service.default = look
        self.sql("""CREATE TABLE settings (name text, value text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO "%s".settings SELECT name, setting FROM pg_settings
  WHERE name IN ('statement_timeout', 'synchronous_commit'); RETURN NEW; END $$;
CREATE TRIGGER note AFTER UPDATE ON library FOR EACH STATEMENT EXECUTE FUNCTION note()"""
                 % self.schema)
        self.backfill()
        self.assertIn(("vinny's tests",), seen)
        self.assertEqual([("statement_timeout", "123000"), ("synchronous_commit", "off")],
                         sorted(set(self.sql("SELECT name, value FROM settings"))))

    def test_42_a_row_that_the_table_refuses_does_not_stop_the_others(self):
        self.rows(30)
        self.sql("ALTER TABLE library ADD CHECK (id <> 7 OR artwork_url IS NULL)")
        out = self.backfill(code=3)
        self.assertEqual((30, 29, 0, 0, 1), tuple(out[name] for name in TOTALS))
        failed = [line for line in self.log() if line["event"] == "lookup_error"]
        self.assertEqual([(7, "postgres_refused")],
                         [(line["row_id"], line["reason"]) for line in failed])

    def test_what_is_wrong_with_the_database_is_said(self):
        self.rows(3)
        good = self.url, self.schema
        for url, schema, code, said in (
                (server.url(password="wrong"), good[1], 1, "password authentication failed"),
                (server.url(database="nowhere"), good[1], 1, "nowhere"),
                (good[0], "elsewhere", 1, 'no table "elsewhere"."library"'),
                ("postgresql://vinny@127.0.0.1:1/x", good[1], 5, "127.0.0.1:1"),
                ("postgresql://vinny@nowhere.invalid/x", good[1], 5, "nowhere.invalid")):
            self.url, self.schema = url, schema
            self.settings('[politeness]\nretries = 1\n')
            outcome = self.place.vinny("library", "backfill", "--json")
            self.assertEqual(code, outcome.code, outcome)
            self.assertIn(said, outcome.err)
            self.assertNotIn("wrong", outcome.err.replace("what is wrong", ""))
        self.assertEqual([], self.service.asked)
        self.url, self.schema = good
        self.settings()
        self.sql("ALTER TABLE library DROP COLUMN artwork_url")
        self.settings()
        self.assertIn("no column artwork_url", self.place.vinny("library", "backfill").err)
        for wrong in ("localhost", "postgresql://[", "http://x", "host=a bogus=b"):
            self.url = wrong
            self.settings()
            self.assertEqual(78, self.place.vinny("config", "check").code)
            outcome = self.place.vinny("library", "backfill")
            self.assertEqual(78, outcome.code, outcome)
            self.assertIn("library.database", outcome.err)

    def test_a_policy_or_trigger_that_keeps_a_row_is_told(self):
        self.rows(10)
        self.sql("""CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RETURN CASE WHEN NEW.id = 4 THEN NULL ELSE NEW END; END $$;
CREATE TRIGGER keep BEFORE UPDATE ON library FOR EACH ROW EXECUTE FUNCTION keep()""")
        out = self.backfill(code=3)
        self.assertEqual((10, 9, 0, 0, 1), tuple(out[name] for name in TOTALS))
        self.assertEqual([4], [line["row_id"] for line in self.log()
                               if line["event"] == "lookup_error"])

    def test_38_39_what_a_database_has_lost_is_noticed_at_the_end(self):
        self.rows(20)
        self.settings(library="throttle_ms = 0\nbatch_size = 5")
        self.service.default = lambda artist, album: (
            self.sql("UPDATE library SET artwork_url = NULL WHERE id IN (1, 2)")
            if album == "Album 18" else None, found(artist, album))[1]
        self.assertEqual(2, self.backfill(code=5)["remaining"])
        self.assertIn("Run the backfill again", self.last.err)
        self.assertEqual(2, self.backfill()["enriched_match"])

    def test_ids_of_every_kind_of_integer_and_no_others(self):
        self.sql("ALTER TABLE library ALTER id TYPE bigint")
        ids = [-9_000_000_000, -2, -1, 0, 1, 9_000_000_000]
        self.library([(i, "A", f"Album {n}") for n, i in enumerate(ids)])
        self.assertEqual(2, self.backfill("--partition", "1/3")["enriched_match"])  # -2 and 1
        self.assertEqual(4, self.backfill()["enriched_match"])
        self.assertTrue(all(self.artwork().values()))
        self.sql("ALTER TABLE library ALTER id TYPE numeric")
        outcome = self.place.vinny("library", "backfill")
        self.assertEqual(1, outcome.code, outcome)
        self.assertIn("numeric", outcome.err)

    def test_a_database_in_another_encoding_is_filled_but_not_searched(self):
        server.sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        self.url = server.url(database="latin")
        self.sql(f'CREATE SCHEMA "{self.schema}"')
        self.make_tables()
        self.library([(1, "Björk", "Début")])
        self.settings()
        self.assertEqual(1, self.backfill()["enriched_match"])
        self.assertEqual("Björk", self.service.asked[0][1]["artist"])
        outcome = self.place.vinny("library", "search", "bjork")
        self.assertEqual(1, outcome.code, outcome)
        self.assertIn("LATIN1", outcome.err)

    def test_11_tables_may_lack_what_is_newer_and_have_other_names(self):
        self.sql("ALTER TABLE library DROP COLUMN discogs_unavailable, DROP COLUMN artist_name;"
                 'ALTER TABLE library RENAME TO "the ""albums"""')
        self.sql("INSERT INTO artists VALUES (1, 'A', 7);"
                 'INSERT INTO "the ""albums""" (id, artist_id, album_title) VALUES (1, 1, \'One\')')
        self.settings(library="library_table = 'the \"albums\"'\nthrottle_ms = 0")
        self.assertEqual(1, self.backfill()["enriched_match"])
        outcome = self.place.vinny("library", "search", "one", "--json")
        self.assertEqual([1], [row["id"] for row in outcome.json()["results"]])

    def test_connections_that_are_cut_off_are_made_again(self):
        self.rows(300)
        self.settings(library="throttle_ms = 0\nbatch_size = 10")
        cut = [0]

        def answer(artist, album):
            number = int(album.split()[1])
            if number % 60 == 0:
                cut[0] += len(self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                       "WHERE application_name LIKE '%tests'"))
            return found(artist, album)

        self.service.default = answer
        out = self.backfill()
        self.assertEqual(300, out["enriched_match"] + out["enriched_match_raced"])
        self.assertGreaterEqual(cut[0], 4)

    def test_a_database_that_goes_away_puts_the_rest_off(self):
        self.rows(60)
        self.settings('[politeness]\nretries = 1\n', library="throttle_ms = 0\nbatch_size = 10")
        self.service.default = lambda artist, album: (
            server.stop() if album == "Album 35" else None, found(artist, album))[1]
        try:
            self.assertIsNone(self.backfill(code=5)["remaining"])
            self.assertEqual(5, self.place.vinny("library", "artist-names").code)
            self.assertIn("run the backfill again", self.last.err)
        finally:
            server.start()
        self.assertEqual(60, self.backfill()["enriched_match"])
        self.assertEqual(60, len(self.service.asked))  # what was answered was kept

    def test_a_library_that_is_another_one_believes_nothing_of_the_first(self):
        self.rows(3)
        self.service.default = lambda *_: missing()
        self.assertEqual(3, self.backfill()["enriched_no_match"])
        self.assertEqual(0, self.backfill()["scanned"])
        first, self.schema = self.schema, self.schema + " 2"
        self.sql(f'CREATE SCHEMA "{self.schema}"')
        self.make_tables()
        self.rows(3)
        self.settings()
        self.assertEqual(3, self.backfill()["enriched_no_match"])
        self.assertNotEqual(first, self.schema)

    def test_lists_are_imported_into_the_catalog_only(self):
        outcome = self.place.vinny("library", "import", self.write(
            "a.csv", "id,artist_name\n1,A\n"))
        self.assertEqual(1, outcome.code, outcome)
        self.assertIn("library.database", outcome.err)

    def test_46_rows_without_a_name_are_found_by_their_artists(self):
        self.library([(1, "Björk", "Début"), (2, "Björk", "Post")])
        self.sql("UPDATE library SET artist_name = 'Björk' WHERE id = 1")
        outcome = self.place.vinny("library", "search", "bjork", "--json")
        self.assertEqual([1, 2], sorted(row["id"] for row in outcome.json()["results"]))

    def test_a_search_while_the_database_is_away(self):
        self.rows(3)
        self.start_daemon(self.place)
        control = library_test.Control(self.place.socket, timeout=30 * daemon.SLOW)
        self.assertEqual(200, control.get("/v1/library/search?q=album").status)
        server.stop()
        try:
            answer = control.get("/v1/library/search?q=album")
            self.assertEqual(503, answer.status, answer.body)
            self.assertEqual(200, control.get("/v1/status").status)
        finally:
            server.start()
        self.assertEqual(200, control.get("/v1/library/search?q=album").status)


if __name__ == "__main__":
    unittest.main()
