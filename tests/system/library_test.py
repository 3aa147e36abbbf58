# SPDX-License-Identifier: MIT
"""The library: lists, the backfill of artwork and of artists' names, and searching. The numbers are
those of the specification's section on it."""
import concurrent.futures
import gzip
import hashlib
import http.server
import io
import json
import os
import random
import signal
import threading
import time
import unittest

from PIL import Image

from library_cases import LibraryTest  # first: it knows where the supports are
import daemon
from control import Control
from lookup_service import found, missing
from sentry_service import SentryService

ROWS = [(1, "Nuyorican Soul", "Nuyorican Soul"), (2, "The Beatles", "Abbey Road"),
        (3, "Björk", "Début"), (4, "Unknown Band?", "Demo"), (5, "Chuquimamani-Condori", "DJ E"),
        (6, "Stereolab", "Dots and Loops", "https://i.example.org/there.jpg")]


class Backfill(LibraryTest):

    def test_1_6_7_rows_without_artwork_of_known_artists_and_no_others(self):
        self.library(ROWS)
        self.assertEqual((4, 4, 0, 0, 0), self.totals())
        self.assertEqual([(q["artist"], q["album"]) for _, q, _ in self.service.asked],
                         [(a, b) for i, a, b, *_ in ROWS if i not in (4, 6)])
        artwork = self.artwork()
        self.assertEqual(None, artwork[4])
        self.assertEqual("https://i.example.org/there.jpg", artwork[6])
        self.assertIn("abbey-road", artwork[2])

    def test_6_what_discogs_does_not_have_is_not_asked_for(self):
        self.library([(1, "A", "One"), (2, "A", "Two")])
        self.mark_unavailable((2, 1, "Two"))
        self.assertEqual((1, 1, 0, 0, 0), self.totals())

    def test_8_9_10_13_batches_throttle_and_parts(self):
        self.library([(i, "A", f"Album {i}") for i in range(1, 31)])
        self.service.delay = 0.005
        self.assertEqual((10, 10, 0, 0, 0),
                         self.totals("--partition", "1/3", "--batch-size", 4, "--throttle-ms", 50))
        self.assertEqual({1}, {int(q["album"].split()[1]) % 3 for _, q, _ in self.service.asked})
        starts = [at for at, _, _ in self.service.asked]
        self.assertGreater(starts[-1] - starts[0], 9 * 0.05 * 0.7)
        batches = [line for line in self.log() if line["event"] == "batch_done"]
        self.assertEqual([4, 8, 10], [line["scanned"] for line in batches])
        self.assertEqual(["batch-1", "batch-2", "batch-3"], [line["step"] for line in batches])
        self.assertEqual((20, 20, 0, 0, 0), self.totals())
        for wrong in ("3/3", "-1/3", "1", "a/b", "1/0"):
            outcome = self.place.vinny("library", "backfill", "--partition", wrong)
            self.assertEqual(2, outcome.code, outcome)
        for wrong in (("--batch-size", "0"), ("--throttle-ms", "-1")):
            self.assertEqual(2, self.place.vinny("library", "backfill", *wrong).code)

    def test_14_where_the_service_is(self):
        for form in ("", "/", "/api/v1", "/api/v1/"):
            self.wipe()
            self.settings(lookup_url=self.service.url + form)
            self.library([(1, "A", "One")])
            self.assertEqual((1, 1, 0, 0, 0), self.totals())
        self.settings(lookup_url="")
        outcome = self.place.vinny("library", "backfill")
        self.assertEqual(1, outcome.code, outcome)
        self.assertIn("library.lookup_url", outcome.err)

    def test_15_16_17_body_and_headers(self):
        self.settings('[politeness]\nretries = 0\n')
        self.library([(1, "Sigur Rós", "( )"), (2, "Sigur Rós", "")])
        self.backfill(LML_API_KEY="a-token-of-ours")
        (_, first, headers), (_, second, _) = self.service.asked
        self.assertEqual({"artist": "Sigur Rós", "album": "( )", "raw_message": "Sigur Rós - ( )"},
                         first)
        self.assertEqual({"artist": "Sigur Rós", "raw_message": "Sigur Rós"}, second)
        self.assertEqual("application/json", headers["content-type"])
        self.assertEqual("Bearer a-token-of-ours", headers["authorization"])
        self.assertEqual(("5", "library-artwork-url-backfill", "28000"),
                         tuple(headers[f"x-caller-{name}"]
                               for name in ("class", "reason", "budget-ms")))

    def test_16_18_43_a_refused_token_stops_the_run_at_once(self):
        self.service.token = "right"
        self.library([(i, "A", f"Album {i}") for i in range(1, 31)])
        for key, status in (("", "401"), ("wrong-wrong", "403")):
            self.service.asked.clear()
            environment = {"LML_API_KEY": key} if key else {}
            self.assertEqual((0, 0, 0, 0, 0), self.totals(code=1, **environment))
            self.assertEqual(1, len(self.service.asked))
            self.assertIn(status, self.last.err)
            self.assertIn("LML_API_KEY", self.last.err)
            self.assertNotIn("wrong-wrong", self.last.err)
        self.assertEqual((30, 30, 0, 0, 0), self.totals(LML_API_KEY="right"))

    def test_18_another_service_at_that_address_stops_the_run(self):
        self.library([(i, "A", f"Album {i}") for i in range(1, 31)])
        self.service.fault = lambda *_: (404, {}, b"<html>")
        self.assertEqual((0, 0, 0, 0, 0), self.totals(code=1))
        self.assertIn("library.lookup_url", self.last.err)

    def test_18_25_a_row_that_fails_does_not_stop_the_others(self):
        self.settings('[politeness]\nretries = 1\n')
        self.library([(i, "A", f"Album {i}") for i in range(1, 5)])
        self.service.fault = lambda _, q: (
            (500, {}, b"") if q["album"] == "Album 2" else
            (418, {}, b"{}") if q["album"] == "Album 3" else None)
        self.assertEqual((4, 2, 0, 0, 2), self.totals(code=3))
        self.assertEqual(2, self.service.times["A", "Album 2"])  # tried again
        self.assertEqual(1, self.service.times["A", "Album 3"])  # that would not help
        failed = [line for line in self.log() if line["event"] == "lookup_error"]
        self.assertEqual([("A", "Album 2", 2), ("A", "Album 3", 3)],
                         [(line["artist"], line["album"], line["row_id"]) for line in failed])
        self.assertEqual(2, self.backfill_remaining)
        self.service.fault = None
        self.assertEqual((2, 2, 0, 0, 0), self.totals())

    @property
    def backfill_remaining(self):
        return json.loads(self.last.out.splitlines()[-1])["remaining"]

    def test_19_retry_after_is_obeyed(self):
        self.library([(i, "A", f"Album {i}") for i in range(1, 4)])
        self.service.fault = lambda number, _: (429, {"Retry-After": "2"}, b"") \
            if number == 2 else None
        self.assertEqual((3, 3, 0, 0, 0), self.totals())
        starts = [at for at, _, _ in self.service.asked]
        self.assertGreaterEqual(starts[2] - starts[1], 1.9)

    def test_19_a_service_that_only_puts_off_is_given_up(self):
        self.settings('[politeness]\nretries = 2\n')
        self.library([(1, "A", "One"), (2, "A", "Two")])
        self.service.fault = lambda _, q: (429, {"Retry-After": "1"}, b"") \
            if q["album"] == "One" else None
        self.assertEqual((2, 1, 0, 0, 1), self.totals(code=3))
        self.assertEqual(3, self.service.times["A", "One"])

    def test_20_what_failed_and_was_asked_again_counts_once(self):
        self.settings('[politeness]\nretries = 0\n')
        self.library([(i, "A", f"Album {i}") for i in range(1, 21)])
        self.service.fault = lambda *_: (None, {}, b"")  # hangs up
        self.assertEqual(20, self.backfill(code=5)["remaining"])
        self.service.fault = None
        self.assertEqual((20, 20, 0, 0, 0), self.totals())

    def test_20_a_dead_service_is_left_alone_and_the_run_ends_5(self):
        rows = [(i, "A", f"Album {i}") for i in range(1, 31)]
        self.library(rows)
        self.service.stop()
        began = time.monotonic()
        out = self.backfill(code=5)
        self.assertLess(time.monotonic() - began, 60 * daemon.SLOW)
        self.assertEqual(30, out["remaining"])
        self.assertIn("does not answer", self.last.err)
        self.assertIn("library.lookup_url", self.last.err)

    def test_21_22_24_40_41_42_only_this_release_of_this_row(self):
        cases = {
            "No result": missing(),
            "No artwork": found("A", "No artwork", artwork_url=None),
            "Null artwork": {**found("A", "x"), "results": [{"artwork": None,
                                                            "library_item": None}]},
            "Empty": found("A", "Empty", artwork_url=""),
            "Spacer": found("A", "Spacer", "https://s.example.org/images/spacer.gif?x"),
            "Long": found("A", "Long", "https://i.example.org/" + "x" * 600),
            "No URL": found("A", "No URL", "javascript:alert(1)"),
            "Fallback": found("A", "Fallback", search_type="fallback"),
            "Other album": found("A", "Something else"),
            "Other artist": found("B", "Other artist"),
            "Streaming": found("A", "Streaming", release_id=0, release_url=""),
            "Artwork of another": found("A", "Artwork of another"),
        }
        cases["Artwork of another"]["results"][0]["artwork"]["album"] = "Yet another"
        good = {"The Good": found("the a", "Good, The"), "Déjà Vu": found("A", "Deja vu"),
                "Rock & Roll": found("A (2)", "Rock and Roll")}
        for album, answer in {**cases, **good}.items():
            self.service.answers["A", album] = answer
        names = list(cases) + list(good)
        self.library([(i, "A", name) for i, name in enumerate(names, 1)])
        self.assertEqual((len(names), 3, 0, len(cases), 0), self.totals())
        artwork = self.artwork()
        for i, name in enumerate(names, 1):
            self.assertEqual(name in good, artwork[i] is not None, name)
        # Decision 24: what the service thinks is next best, when that is wanted.
        self.assertEqual((len(cases), 5, 0, len(cases) - 5, 0),
                         self.totals("--recheck", "--accept-fallback"))

    def test_43_an_answer_cut_short_is_asked_again(self):
        self.library([(1, "A", "One"), (2, "A", "Two"), (3, "A", "Three")])
        self.service.answers["A", "One"] = [missing(timeout=True), found("A", "One")]
        self.service.answers["A", "Two"] = [
            missing(degraded=True, degraded_reason="deadline_exceeded"), missing()]
        self.assertEqual((3, 2, 0, 1, 0), self.totals())
        self.assertEqual([2, 2, 1], [self.service.times["A", name]
                                     for name in ("One", "Two", "Three")])

    def test_12_23_44_nothing_is_asked_again_that_need_not_be(self):
        self.library([(i, "A", f"Album {i}") for i in range(1, 11)])
        self.service.default = lambda artist, album: \
            found(artist, album) if int(album.split()[1]) % 2 else missing()
        self.assertEqual((10, 5, 0, 5, 0), self.totals())
        self.assertEqual((0, 0, 0, 0, 0), self.totals())
        self.assertEqual(10, len(self.service.asked))
        self.assertEqual((5, 0, 0, 5, 0), self.totals("--recheck"))
        self.settings(library="throttle_ms = 0\nrecheck_days = 0")
        self.assertEqual((5, 0, 0, 5, 0), self.totals())

    def test_32_to_36_what_the_log_says(self):
        self.library([(1, "A", "One")])
        self.backfill()
        lines = self.log()
        self.assertEqual(["init", "started", "batch_done", "finished"],
                         [line["event"] for line in lines])
        for line in lines:
            self.assertLessEqual({"timestamp", "level", "step", "message", "repo", "tool"},
                                 set(line))
            self.assertEqual("library-artwork-url-backfill", line["tool"])
        self.assertEqual(1, len({line["run_id"] for line in lines}))
        self.assertEqual({"batch_size": 500, "throttle_ms": 0, "partition": "none"},
                         {k: lines[1][k] for k in ("batch_size", "throttle_ms", "partition")})
        self.assertEqual((1, 1, 1), tuple(lines[2][k] for k in ("batch_index", "last_id",
                                                                "scanned")))

    def test_16_in_flight_are_as_fast_as_they_can_be(self):
        self.settings(library="throttle_ms = 0\nconcurrency = 16")
        self.service.delay = 0.01
        self.library([(i, f"Artist {i % 50}", f"Album {i}") for i in range(1, 1001)])
        self.assertEqual((1000, 1000, 0, 0, 0), self.totals())
        self.assertEqual(1000, len(self.service.times))

    def test_kills_ask_nothing_thrice_and_lose_nothing(self):
        kills = int(os.environ.get("VINNY_CRASHES", "12"))
        pick = random.Random(int(os.environ.get("VINNY_SEED", "0")) or None)
        count = 180 * max(10, kills)  # more than is done between the kills
        rows = [(i, f"Artist {i % 7}", f"Album {i}") for i in range(1, count + 1)]
        self.service.default = lambda artist, album: \
            found(artist, album) if int(album.split()[1]) % 3 else missing()
        self.service.delay = 0.004
        self.settings(library="throttle_ms = 0\nconcurrency = 4\nbatch_size = 100")
        self.library(rows)
        for _ in range(kills):
            asked = len(self.service.asked)
            child = self.place.start("library", "backfill")
            end = time.monotonic() + 30
            while len(self.service.asked) < asked + 8 and child.running() and time.monotonic() < end:
                time.sleep(0.005)
            time.sleep(pick.uniform(0.02, 0.3))
            child.kill()
        third = count // 3
        self.assertEqual((count, count - third, 0, third, 0), self.totals())
        self.assertLessEqual(max(self.service.times.values()), 2)
        self.assertLessEqual(len(self.service.asked), count + 4 * kills)
        self.assertEqual({i for i, url in self.artwork().items() if url},
                         {i for i in range(1, count + 1) if i % 3})

    def test_parts_leave_each_others_answers_alone_after_a_crash(self):
        self.settings(library="throttle_ms = 30")
        self.library([(i, "A", f"Album {i}") for i in range(1, 41)])
        child = self.place.start("library", "backfill")
        daemon.wait_until(lambda: len(self.service.asked) >= 20, what="lookups")
        child.kill()
        even = self.totals("--partition", "0/2", "--throttle-ms", 0)
        odd = self.totals("--partition", "1/2", "--throttle-ms", 0)
        self.assertEqual(((20, 20, 0, 0, 0), (20, 20, 0, 0, 0)), (even, odd))
        self.assertTrue(all(self.artwork().values()))
        self.assertLessEqual(len(self.service.asked), 41)

    def test_ctrl_c_ends_soon_and_tells_what_is_left(self):
        self.settings(library="throttle_ms = 60000")
        self.library([(i, "A", f"Album {i}") for i in range(1, 6)])
        child = self.place.start("library", "backfill", "--json")
        daemon.wait_until(lambda: self.service.asked, what="a lookup")
        time.sleep(0.2)
        began = time.monotonic()
        child.signal(signal.SIGINT)
        outcome = child.wait()
        self.assertLess(time.monotonic() - began, 3 * daemon.SLOW)
        self.assertEqual(130, outcome.code, outcome)
        line = json.loads(outcome.out.splitlines()[-1])
        self.assertEqual((1, 1, 4), tuple(line[k] for k in ("scanned", "enriched_match",
                                                           "remaining")))

    def test_23_what_was_strictly_none_is_asked_again_for_the_next_best(self):
        self.library([(1, "A", "One")])
        self.service.answers["A", "One"] = found("A", "One", search_type="fallback")
        self.assertEqual((1, 0, 0, 1, 0), self.totals())
        self.assertEqual((1, 1, 0, 0, 0), self.totals("--accept-fallback"))


class Lists(LibraryTest):

    def test_a_quote_in_a_value_is_a_letter(self):
        self.place.vinny("library", "import", self.write(
            "rows.csv", 'id,artist_id,album_title,artwork_url\n10,1,Blue 12" mix,\n'
                        '11,1,"Said ""Hi"", and\nwent",\n12,1,Red 7" mix,\n13,1,"",\n'))
        self.assertEqual([(10, 'Blue 12" mix'), (11, 'Said "Hi", and\nwent'),
                          (12, 'Red 7" mix'), (13, "")],
                         self.query("SELECT id, album_title FROM library ORDER BY id"))

    def test_columns_that_a_list_lacks_change_nothing(self):
        for text in ('id,artist_id,album_title,label,discogs_unavailable\n1,1,One,Warp,1\n',
                     'id,artist_name,discogs_artist_id\n1,A,77\n',
                     'id,artist_id,album_title\n1,1,One\n', 'id,artist_name\n1,A\n'):
            self.assertEqual(0, self.place.vinny("library", "import",
                                                 self.write("x.csv", text)).code)
        self.assertEqual([("Warp", 1)], self.query("SELECT label, discogs_unavailable FROM library"))
        self.assertEqual([(77,)], self.query("SELECT discogs_artist_id FROM library_artists"))

    def test_addresses_of_a_list_are_addresses(self):
        outcome = self.place.vinny("library", "import", self.write(
            "x.csv", "id,artist_id,album_title,artwork_url\n1,1,One,javascript:alert(1)\n"
                     "2,1,Two,https://x.example.org/spacer.gif\n"))
        self.assertEqual(3, outcome.code, outcome)
        self.assertEqual([], self.query("SELECT * FROM library"))

    def test_csv_json_lines_gzip_and_what_is_neither(self):
        artists = self.write("a.csv", "\ufeffid,artist_name,discogs_artist_id\r\n"
                                      '1,"Earth, Wind & Fire",22\r\n2,"Say ""Hi""",\r\n')
        rows = self.place.root / "rows.jsonl.gz"
        with gzip.open(rows, "wt") as out:
            out.write('{"id": 1, "artist_id": 1, "album_title": "I Am"}\n\n'
                      '{"id": 2, "artist_id": 2, "album_title": "Line\\nbreak", '
                      '"artwork_url": null}\n')
        outcome = self.place.vinny("library", "import", artists, rows)
        self.assertEqual(0, outcome.code, outcome)
        self.assertIn("2 rows and 2 artists", outcome.out)
        self.assertEqual([("Earth, Wind & Fire", 22), ('Say "Hi"', None)],
                         self.query("SELECT artist_name, discogs_artist_id FROM library_artists"))
        bad = self.write("bad.csv", "id,artist_id,album_title,artwork_url\n1,1,One,\nx,1,Two,\n"
                                    "3,1\n4,,Four,\n5,1,Five,\n")
        outcome = self.place.vinny("library", "import", bad)
        self.assertEqual(3, outcome.code, outcome)
        for line in (3, 4, 5):
            self.assertIn(f"bad.csv:{line}: ", outcome.err)
        for text in ("", "artist;album\n1;2\n", "\x00\x01"):
            outcome = self.place.vinny("library", "import", self.write("no.csv", text))
            self.assertEqual(1, outcome.code, outcome)
            self.assertIn("no.csv", outcome.err)
        self.assertEqual(2, self.place.vinny("library", "import", "/nowhere.csv").code)

    def test_what_was_asked_about_another_title_is_asked_again(self):
        self.service.default = lambda *_: missing()
        self.library([(1, "A", "One"), (2, "A", "Two"), (3, "B", "Three")])
        self.assertEqual(3, self.backfill()["enriched_no_match"])
        self.library([(1, "A", "One, the other"), (2, "A", "Two"), (3, "B", "Three")])
        self.assertEqual(1, self.backfill()["scanned"])
        self.place.vinny("library", "import", self.write("x.csv", "id,artist_name\n2,C\n"))
        self.assertEqual(1, self.backfill()["scanned"])

    def test_a_mark_at_the_front_a_file_that_is_none_and_which_file_is_wrong(self):
        rows = self.write("rows.jsonl", '\ufeff{"id": 1, "artist_id": 1, "album_title": "One"}\n')
        self.assertEqual(0, self.place.vinny("library", "import", rows).code)
        os.mkfifo(self.place.root / "pipe.csv")
        outcome = self.place.vinny("library", "import", self.place.root / "pipe.csv")
        self.assertEqual(1, outcome.code, outcome)
        self.assertIn("pipe.csv: is no file", outcome.err)
        good = "id,artist_id,album_title\n"
        outcome = self.place.vinny("library", "import", self.write(
            "quote.csv", good + '1,1,"never closed' + "x" * 3_000_000))
        self.assertNotEqual(0, outcome.code, outcome)
        self.assertIn("quote.csv", outcome.err)

    def test_a_newer_list_changes_rows_and_keeps_their_artwork(self):
        self.library([(1, "A", "One"), (2, "A", "Two")])
        self.backfill()
        before = self.artwork()
        self.library([(1, "A", "One, remastered"), (2, "A", "Two", "https://x.example.org/2.jpg")])
        self.assertEqual({1: before[1], 2: "https://x.example.org/2.jpg"}, self.artwork())
        outcome = self.place.vinny("library", "search", "remastered", "--json")
        self.assertEqual([1], [row["id"] for row in outcome.json()["results"]])


class ArtistNames(LibraryTest):

    def test_29_30_31_names_in_batches_and_a_verification(self):
        self.library([(i, f"Artist {i % 5}", f"Album {i}") for i in range(1, 26)])
        outcome = self.place.vinny("library", "artist-names", "--batch-size", 10)
        self.assertEqual(0, outcome.code, outcome)
        events = [json.loads(line) for line in outcome.err.splitlines() if '"tool"' in line]
        self.assertEqual(["init", "started", "batch_done", "batch_done", "batch_done", "finished"],
                         [line["event"] for line in events])
        self.assertRegex(events[2]["message"], r"^\[library-artist-name-backfill\] batch 1: 10 rows "
                                               r"in 0m 0s \| total 10 rows in 0m 0s$")
        self.assertEqual("Artist 3", self.artist_name(8))
        self.put_row(8, 1, "Album 8")
        self.assertEqual(0, self.place.vinny("library", "artist-names").code)
        self.assertEqual("Artist 0", self.artist_name(8))
        self.put_row(99, 777, "Lost")
        outcome = self.place.vinny("library", "artist-names")
        self.assertEqual(1, outcome.code, outcome)
        self.assertIn("1 rows have no artist's name", outcome.err)


class Search(LibraryTest):

    def serve(self, rows, **settings):
        self.library(rows)
        self.settings(**settings)
        self.daemon = self.start_daemon(self.place)
        self.control = Control(self.place.socket, timeout=30 * daemon.SLOW)

    def search(self, text, code=200, **more):
        from urllib.parse import urlencode
        answer = self.control.get("/v1/library/search?" + urlencode({"q": text, **more}))
        self.assertEqual(code, answer.status, answer.body)
        return answer.json()

    def ids(self, text):
        return [row["id"] for row in self.search(text)["results"]]

    def test_words_prefixes_accents_and_slips_of_the_pen(self):
        self.service.default = lambda *_: missing()
        self.serve(ROWS + [(7, "Röyksopp", "Melody A.M."), (8, "Queen", "Queen"),
                           (9, "Queens of the Stone Age", "Queen Bees"),
                           (10, "坂本龍一", "Thousand Knives"), (11, "Кино", "Группа крови"),
                           (12, "ΜΑΡΙΖΑ", "Μάρτιος")])
        self.assertEqual([2], self.ids("abbey beatles"))
        self.assertEqual([2], self.ids("THE BEATLES abb"))
        self.assertEqual([3], self.ids("bjork"))
        self.assertEqual([3], self.ids("Björk Debut"))
        self.assertEqual([7], self.ids("royksopp"))
        self.assertEqual([10], self.ids("坂本"))
        self.assertEqual([11], self.ids("КИНО групп"))
        self.assertEqual([12], self.ids("μαριζα ΜΆΡΤΙΟΣ"))
        self.assertEqual([8, 9], self.ids("queen"))
        for slip in ("beetles", "beatels", "betles", "beatless"):
            daemon.wait_until(lambda: self.ids(slip) == [2], what=slip)  # the words are learned
        self.assertEqual([], self.ids("nothing of the kind"))
        self.assertEqual([], self.ids('"*" OR ^ {artist} NEAR('))
        for wrong in ("", "   ", "x" * 300):
            self.search(wrong, code=400)
        self.search("x", code=400, limit=0)
        for more in ((), ("--no-daemon",)):
            outcome = self.place.vinny("library", "search", "abbey", "road", "--json", *more)
            self.assertEqual([2], [row["id"] for row in outcome.json()["results"]])
            self.assertEqual(2, self.place.vinny("library", "search", "%", *more).code)

    def test_the_very_album_is_found_among_many(self):
        self.service.default = lambda *_: missing()
        self.serve([(i, "A", f"The Wall of Sound {i}") for i in range(1, 301)]
                   + [(400, "Pink Floyd", "The Wall"), (401, "Simon & Garfunkel", "Bookends"),
                      (402, "The The", "Soul Mining")])
        self.assertEqual(400, self.ids("the wall")[0])
        self.assertEqual([401], self.ids("simon and garfunkel"))
        self.assertEqual(402, self.ids("the the")[0])

    def test_4_22_a_search_waits_for_its_budget_and_no_longer(self):
        self.service.delay = 1.2
        self.serve([(i, "A", f"Album {i}") for i in range(1, 6)],
                   library="enrichment_budget_ms = 300")
        began = time.monotonic()
        first = self.search("album")
        self.assertLess(time.monotonic() - began, 0.3 + 0.4 * daemon.SLOW)
        self.assertEqual([None] * 5, [row["artwork_url"] for row in first["results"]])
        self.assertEqual((5, [True] * 5), (first["pending"],
                                           [row["pending"] for row in first["results"]]))
        self.search("album")  # the same lookups are waited for, no others
        daemon.wait_until(lambda: all(self.artwork().values()), what="rows that are filled")
        self.assertEqual(5, len(self.service.asked))
        later = self.search("album")
        self.assertTrue(all(row["artwork_url"] for row in later["results"]))
        self.assertEqual(0, later["pending"])

    def test_22_without_a_budget_it_answers_at_once(self):
        self.service.delay = 0.3
        self.serve([(1, "A", "One")], library="enrichment_budget_ms = 0")
        self.assertEqual(1, self.search("one")["pending"])
        daemon.wait_until(lambda: self.artwork()[1], what="a row that is filled")

    def test_with_a_quick_service_the_answer_has_it(self):
        self.serve([(1, "A", "One"), (2, "A", "One more")], library="")
        self.service.answers["A", "One more"] = missing()
        first, second = self.search("one")["results"]
        self.assertTrue(first["artwork_url"])
        self.assertEqual((None, False), (second["artwork_url"], second["pending"]))
        self.search("one")
        self.assertEqual(2, len(self.service.asked))  # that there is none is known

    def test_failures_never_reach_who_searches(self):
        self.serve([(i, "A", f"Album {i}") for i in range(1, 9)], library="")
        self.service.fault = lambda *_: (500, {}, b"")
        self.assertEqual(8, len(self.search("album")["results"]))
        self.service.stop()
        for _ in range(3):
            out = self.search("album")
            self.assertEqual(8, len(out["results"]))
        daemon.wait_until(lambda: self.search("album")["pending"] == 0)

    def test_many_at_once_share_their_lookups(self):
        self.service.delay = 0.2
        self.serve([(i, "A", f"Album {i}") for i in range(1, 11)], library="")
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: Control(self.place.socket).get(
                "/v1/library/search?q=album"), range(20)))
        self.assertEqual({200}, {answer.status for answer in answers})
        self.assertEqual(10, len(self.service.asked))


class ToldToSentry(LibraryTest):

    def setUp(self):
        super().setUp()
        self.sentry = SentryService()
        self.addCleanup(self.sentry.stop)
        self.settings("[politeness]\nretries = 0\n")
        self.library([(i, "A", f"Album {i}") for i in range(1, 21)])

    def test_33_36_errors_with_their_tags_and_rows(self):
        self.service.fault = lambda _, q: (418, {}, b"{}") if q["album"] == "Album 3" else None
        self.backfill(code=3, SENTRY_DSN=self.sentry.dsn, SENTRY_RELEASE="r1",
                      SENTRY_ENVIRONMENT="testing")
        self.assertEqual(["/path/api/42/envelope/"], self.sentry.paths)
        self.assertIn("sentry_key=public-key", self.sentry.headers["x-sentry-auth"])
        event, = self.sentry.events
        self.assertEqual(("r1", "testing", "error"),
                         (event["release"], event["environment"], event["level"]))
        self.assertEqual({"repo": "vinny", "tool": "library-artwork-url-backfill",
                          "step": "library", "run_id": self.log()[0]["run_id"]}, event["tags"])
        self.assertEqual({"row_id": "3", "artist": "A", "album": "Album 3"}, event["extra"])
        self.assertIn("418", event["exception"]["values"][0]["value"])

    def test_36_without_a_dsn_nobody_is_told(self):
        self.service.token = "right"
        self.backfill(code=1)
        self.assertEqual([], self.sentry.paths)

    def test_36_the_end_of_a_run_and_a_service_that_is_slow_dead_or_unwilling(self):
        self.service.token = "right"
        self.backfill(code=1, SENTRY_DSN=self.sentry.dsn)
        self.assertEqual(["lookup_credentials"],
                         [e["exception"]["values"][0]["type"] for e in self.sentry.events])
        self.sentry.delay = 20
        began = time.monotonic()
        self.backfill(code=1, SENTRY_DSN=self.sentry.dsn)
        self.assertLess(time.monotonic() - began, 2 + 3 * daemon.SLOW)
        self.sentry.delay, self.sentry.status = 0, 429
        self.backfill(code=1, SENTRY_DSN=self.sentry.dsn)
        self.assertIn("status 429", self.last.err)
        self.backfill(code=1, SENTRY_DSN="http://public-key@127.0.0.1:1/42")
        self.assertIn("not told to Sentry", self.last.err)
        self.assertNotIn("public-key", self.last.err)
        self.assertEqual(78, self.place.vinny("library", "backfill", SENTRY_DSN="x").code)


class Covers:
    """A host of covers: /N.jpg of N pixels, /page, /late (503 once), everything else is missing."""

    def __init__(self):
        self.asked = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                owner.asked.append(self.path)
                status, body = 404, b"not here"
                if self.path.endswith(".jpg"):
                    out = io.BytesIO()
                    side = int(self.path[1:-4])
                    Image.linear_gradient("L").resize((side, side)).convert("RGB").save(
                        out, "JPEG", comment=b"secret")
                    status, body = 200, out.getvalue()
                elif self.path == "/page":
                    status, body = 200, b"<!doctype html><html><p>Please log in</p></html>"
                elif self.path == "/late":
                    status = 503
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Mirrored(LibraryTest):
    contact = "tests@example.org"

    def setUp(self):
        super().setUp()
        self.covers = Covers()
        self.addCleanup(self.covers.stop)
        self.mirror("throttle_ms = 0")

    def mirror(self, library):
        port = self.covers.server.server_port
        self.settings(f'''
[store]
kind = "directory"
directory = "public"
public_url = "https://img.example.org"
[politeness]
retries = 1
delay_ms = 0
[http.connect_to]
"covers.example.org:80" = "127.0.0.1:{port}"
''', library="mirror = true\n" + library)

    def cover(self, album, path):
        self.service.answers["A", album] = found("A", album, "http://covers.example.org" + path)

    def test_artwork_becomes_an_object_of_our_own(self):
        names = {"Good": "/600.jpg", "Large": "/2400.jpg", "Tiny": "/20.jpg", "Page": "/page",
                 "Missing": "/nothing", "Late": "/late"}
        for album, path in names.items():
            self.cover(album, path)
        self.library([(i, "A", album) for i, album in enumerate(names, 1)])
        self.assertEqual((6, 2, 0, 3, 1), self.totals(code=3))
        artwork = self.artwork()
        for row, side in ((1, 600), (2, 1500)):
            base, _, key = artwork[row].partition("/library/")
            self.assertEqual("https://img.example.org", base)
            body = (self.place.data / "public" / "library" / key).read_bytes()
            self.assertEqual(key, f"{key[:2]}/{hashlib.sha256(body).hexdigest()}.jpg")
            with Image.open(io.BytesIO(body)) as picture:
                self.assertEqual(("JPEG", (side, side)), (picture.format, picture.size))
            self.assertNotIn(b"secret", body)
        self.assertEqual([None] * 4, [artwork[row] for row in (3, 4, 5, 6)])
        for reason in ("image_too", "not_an_image", "http_not_found"):
            self.assertIn(reason, self.last.err)
        self.cover("Late", "/600.jpg")
        self.assertEqual((1, 1, 0, 0, 0), self.totals())
        self.assertTrue(artwork[1])
        self.assertEqual(artwork[1], self.artwork()[6])  # one picture is one object

    def test_a_search_fills_in_our_own_address(self):
        self.cover("One", "/300.jpg")
        self.library([(1, "A", "One")])
        self.start_daemon(self.place)
        control = Control(self.place.socket, timeout=30 * daemon.SLOW)
        daemon.wait_until(lambda: (control.get("/v1/library/search?q=one").json()["results"][0]
                                   ["artwork_url"] or "").startswith("https://img.example.org/"))

    def test_nothing_is_fetched_without_somebody_to_write_to(self):
        self.service.answers["A", "One"] = found("A", "One", "http://other.example.org/1.jpg")
        self.library([(1, "A", "One")])
        self.contact = ""
        self.mirror("throttle_ms = 0")
        self.assertEqual(0, self.backfill(code=1)["enriched_match"])
        self.assertIn("contact", self.last.err)


class ByTheDaemon(LibraryTest):

    def test_runs_of_the_library_by_the_api(self):
        self.start_daemon(self.place)
        control = Control(self.place.socket)
        self.library([(1, "A", "One")])
        for document in ({"pipeline": "library-import"},
                         {"pipeline": "library-import", "files": ["rows.csv"]},
                         {"pipeline": "library-backfill", "partition": "2/2"},
                         {"pipeline": "library-backfill", "batch_size": 0}):
            self.assertEqual(400, control.request("POST", "/v1/runs", document).status, document)
        self.assertEqual((1, 1, 0, 0, 0), self.totals())


if __name__ == "__main__":
    unittest.main()
