#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Backfill and search at full size, with a lookup service on loopback.

    tests/bench/library.py [--rows 64000] [--eligible 18500] [--large 1000000] [--seconds 10]
                           [--postgres]      the library is in PostgreSQL 15, which is started here

Prints: how long the import takes; a backfill of all eligible rows with 16 lookups of 10 ms in
flight (least possible: eligible * 10 ms / 16), and one at a configured rate against that rate;
searches with half of the results lacking artwork and lookups of 2 s (p99; the budget is 500 ms);
searches at 200 a second with artwork present (p99); the same median at --large rows."""
import argparse
import http.client
import json
import pathlib
import random
import socket
import statistics
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support")]
import daemon  # noqa: E402
from postgres import Postgres  # noqa: E402
from lookup_service import LookupService, found, missing  # noqa: E402

WORDS = ("amber arrow autumn basin bell birch blue bone brass bridge candle canyon cedar cinder "
         "circle cloud cobalt copper coral crown dawn delta desert dream drift dusk echo ember "
         "fable falcon fern field flame forest garden ghost glass golden granite grove harbor "
         "hollow iron ivory jade lantern lilac linen lunar maple marble meadow midnight mirror "
         "moss mountain neon night oak ocean onyx orchid paper pearl pine plaza prism quartz "
         "rain raven river road rose ruby salt sand scarlet shadow silver sky slate smoke snow "
         "solar song stone storm summer thunder tide timber tower velvet violet water willow wind "
         "winter wolf").split()


server = None  # PostgreSQL, when the library is there


class Bare:
    def config(self, data, socket, **_):
        return f'data_dir = "{data}"\n'


def names(count, pick):
    """Names of one to three words, some of them made up, so that there are many different ones."""
    def word():
        return pick.choice(WORDS) if pick.random() < 0.6 else \
            "".join(pick.choice("bcdfglmnprst") + pick.choice("aeiou")
                    for _ in range(pick.randint(2, 4)))
    return [" ".join(word() for _ in range(pick.randint(1, 3))).title() for _ in range(count)]


def write_lists(folder, rows, eligible, artwork, seed=1):
    """Every artist has the same number of rows; the first artists are Discogs'."""
    pick = random.Random(seed)
    each = 3
    artists = names(rows // each + 1, pick)
    albums = names(rows, pick)
    with open(folder / "artists.csv", "w", encoding="utf-8") as out:
        out.write("id,artist_name,discogs_artist_id\n")
        for i, name in enumerate(artists, 1):
            out.write(f"{i},{name},{i if i <= eligible // each + 1 else ''}\n")
    left = eligible
    with open(folder / "rows.csv", "w", encoding="utf-8") as out:
        out.write("id,artist_id,album_title,artwork_url\n")
        for i in range(1, rows + 1):
            artist = (i - 1) // each + 1
            url = artwork(i)
            if not url and artist <= eligible // each + 1:
                left -= 1
                if left < 0:
                    url = "https://i.example.org/there.jpg"
            out.write(f"{i},{artist},{albums[i - 1]},{url}\n")
    return artists, albums


class Library:
    def __init__(self, service, rows, eligible, artwork, settings):
        self.place = daemon.Workplace(Bare())
        self.service = service
        self.configure(settings)
        self.artists, self.albums = write_lists(self.place.root, rows, eligible, artwork)
        began = time.monotonic()
        if server:
            self.copy()
        else:
            done = self.place.vinny("library", "import", self.place.root / "artists.csv",
                                    self.place.root / "rows.csv")
            assert done.code == 0, done
        self.import_seconds = time.monotonic() - began

    def copy(self):
        server.sql("DROP SCHEMA IF EXISTS wxyc_schema CASCADE; CREATE SCHEMA wxyc_schema;\n"
                   "SET search_path = wxyc_schema;\n"
                   "CREATE TABLE artists (id integer PRIMARY KEY, artist_name varchar(128) NOT NULL,"
                   " discogs_artist_id integer);\n"
                   "CREATE TABLE library (id integer PRIMARY KEY, artist_id integer NOT NULL,"
                   " album_title varchar(128) NOT NULL, artwork_url varchar(512), artist_name"
                   " varchar(128), discogs_unavailable boolean NOT NULL DEFAULT false);\n"
                   f"\\copy artists FROM '{self.place.root}/artists.csv' CSV HEADER\n"
                   "\\copy library (id, artist_id, album_title, artwork_url) "
                   f"FROM '{self.place.root}/rows.csv' CSV HEADER\n")
        assert self.place.vinny("library", "artist-names").code == 0
        done = self.place.vinny("library", "index")
        assert done.code == 0, done
        server.sql(done.out)

    def configure(self, settings):
        if server:
            settings += f"\ndatabase = {json.dumps(server.url())}"
        self.place.config.write_text(
            f'data_dir = "{self.place.data}"\n[control]\nsocket = "{self.place.socket}"\n'
            f'[library]\nlookup_url = "{self.service.url}"\n{settings}\n', encoding="utf-8")


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def search(link, text):
    began = time.monotonic()
    link.request("GET", "/v1/library/search?q=" + text.replace(" ", "%20"))
    answer = json.loads(link.getresponse().read())
    return time.monotonic() - began, answer


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def queries(library, pick):
    """What people type: an artist, an artist and a word of the title, a beginning."""
    i = pick.randrange(len(library.albums))
    artist, album = library.artists[i // 3], library.albums[i]
    kind = pick.random()
    text = artist if kind < 0.4 else f"{artist} {album.split()[0]}" if kind < 0.8 else \
        f"{artist.split()[0]} {album[:4]}"
    return text.lower()


def steady(library, seconds, rate, threads=8):
    """So many searches a second, by a plan and not by the answers; their times in seconds."""
    times, lock = [], threading.Lock()
    began = time.monotonic()

    def client(number):
        pick, link = random.Random(number), Unix(library.place.socket)
        for n in range(int(seconds * rate / threads)):
            due = began + (n * threads + number) / rate
            time.sleep(max(0, due - time.monotonic()))
            late = max(0.0, time.monotonic() - due)
            took, _ = search(link, queries(library, pick))
            with lock:
                times.append(took + late)
    workers = [threading.Thread(target=client, args=(i,)) for i in range(threads)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return times


def backfills(options):
    service = LookupService()
    service.delay = 0.01
    library = Library(service, options.rows, options.eligible, lambda i: "",
                      "throttle_ms = 0\nconcurrency = 16")
    print(f"import          {options.rows} rows in {library.import_seconds:.1f} s")
    began = time.monotonic()
    done = library.place.vinny("library", "backfill", "--json")
    took = time.monotonic() - began
    line = json.loads(done.out.splitlines()[-1])
    assert line["enriched_match"] == options.eligible, line
    print(f"16 in flight    {options.eligible} in {took:.1f} s, {took / (options.eligible * 0.01 / 16):.2f}"
          f" times the least possible; asked {len(service.asked)} times")
    asked = len(service.asked)
    done = library.place.vinny("library", "backfill", "--json")
    print(f"second run      asks {len(service.asked) - asked} times")
    library.place.remove()
    library = Library(service, 6000, 1500, lambda i: "", "throttle_ms = 20\nconcurrency = 4")
    began = time.monotonic()
    library.place.vinny("library", "backfill", "--json")
    took = time.monotonic() - began
    print(f"50 a second     1500 in {took:.1f} s, {took / 30:.3f} of the plan")
    library.place.remove()
    service.stop()


def races(options):
    """Somebody else fills every 20th row while it is asked about."""
    if not server:
        return
    service, late, over = LookupService(), [], threading.Event()
    service.delay = 0.01
    library = Library(service, options.rows, options.eligible, lambda i: "",
                      "throttle_ms = 0\nconcurrency = 16")
    theirs = {}
    for i, artist, album in server.sql(
            "SELECT l.id, a.artist_name, l.album_title FROM wxyc_schema.library l "
            "JOIN wxyc_schema.artists a ON a.id = l.artist_id WHERE l.artwork_url IS NULL "
            "AND a.discogs_artist_id IS NOT NULL AND l.id % 20 = 0"):
        theirs.setdefault((artist, album), []).append(i)

    def answer(artist, album):
        late.extend(theirs.get((artist, album), []))
        return found(artist, album)

    def write():
        while not over.is_set() or late:
            now, late[:] = late[:], []
            if now:
                server.sql("UPDATE wxyc_schema.library SET artwork_url = 'https://theirs/' || id "
                           f"WHERE id IN ({','.join(now)})")
            time.sleep(0.005)
    service.default = answer
    writer = threading.Thread(target=write)
    writer.start()
    done = library.place.vinny("library", "backfill", "--json")
    over.set()
    writer.join()
    line = json.loads(done.out.splitlines()[-1])
    (kept,), = server.sql("SELECT count(*) FROM wxyc_schema.library "
                          "WHERE artwork_url LIKE 'https://theirs/%'")
    count = sum(map(len, theirs.values()))
    # A name that two rows share may be written by him before it is our turn.
    assert line["enriched_match"] + line["enriched_match_raced"] == line["scanned"], line
    assert int(kept) == count and line["remaining"] == 0, (kept, count, line)
    assert options.eligible - line["scanned"] < 20, line
    print(f"a race          {line['enriched_match_raced']} raced of {count} that somebody else "
          f"wrote; all of his are kept, {line['enriched_match']} are ours")
    library.place.remove()
    service.stop()


def searches(options):
    service = LookupService()
    service.delay = 2.0
    library = Library(service, options.rows, options.eligible,
                      lambda i: "https://i.example.org/a.jpg" if i % 2 else "", "")
    vinnyd = daemon.Daemon(library.place)
    try:
        pick, link, times, waited = random.Random(5), Unix(library.place.socket), [], 0
        for _ in range(60):
            took, answer = search(link, queries(library, pick))
            times.append(took)
            waited += answer["pending"] > 0
        print(f"lookups of 2 s  p99 {percentile(times, 0.99) * 1000:.0f} ms, median "
              f"{statistics.median(times) * 1000:.0f} ms; {waited} of 60 had rows pending")
    finally:
        vinnyd.stop()
        library.place.remove()
        service.stop()


def medians(options):
    service = LookupService()
    service.default = lambda *_: missing()
    out = []
    for rows in (options.rows, options.large):
        library = Library(service, rows, 300, lambda i: "https://i.example.org/a.jpg", "")
        vinnyd = daemon.Daemon(library.place)
        try:
            times = steady(library, options.seconds, 200)
            out.append(statistics.median(times))
            print(f"{rows:>9} rows  import {library.import_seconds:.1f} s; 200 searches a second: "
                  f"median {out[-1] * 1000:.2f} ms, p99 {percentile(times, 0.99) * 1000:.2f} ms")
        finally:
            vinnyd.stop()
            library.place.remove()
    print(f"median          {out[1] / out[0]:.2f} times at {options.large} rows")
    service.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=64_000)
    parser.add_argument("--eligible", type=int, default=18_500)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--only", choices=("backfills", "races", "searches", "medians"))
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    if options.postgres:
        global server
        server = Postgres()
    for part in (backfills, races, searches, medians):
        if options.only in (None, part.__name__):
            part(options)


main()
