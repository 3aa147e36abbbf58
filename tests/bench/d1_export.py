#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A first export to D1, by queries and by imports side by side, on D1's own local engine; and the
rate of one statement a request on the same machine. Says from how many rows on an import is
quicker: what d1.import_from should be.

    tests/bench/d1_export.py [--events 100000] [--rounds 3] [--sizes 100,1000,…]

It needs what tests/support/cloudflare_d1.py needs. The figures of a local engine rank the ways;
how long Cloudflare takes, only Cloudflare tells."""
import argparse
import http.client
import json
import pathlib
import sqlite3
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import cloudflare_d1  # noqa: E402
import daemon  # noqa: E402
import many_events  # noqa: E402
import origin  # noqa: E402

WAYS = {"query": 1_000_000_000, "import": 1}


def empty(engine, place):
    for table in reversed(cloudflare_d1.TABLES):
        engine.query(f"DROP TABLE IF EXISTS {table}")
    with sqlite3.connect(place.data / "vinny.db", timeout=30) as catalog:
        catalog.execute("DELETE FROM published WHERE target LIKE 'd1:%'")
    catalog.close()


def export(engine, place, way):
    """(rows, seconds of the run) of one first export."""
    empty(engine, place)
    outcome = place.start("export-d1", "--execute", "--json",
                          VINNY_D1_IMPORT_FROM=str(WAYS[way])).wait(1800)
    if outcome.code != 0:
        raise SystemExit(str(outcome))
    rows = outcome.json()["run"]["counts"]["rows_written"]
    there = sum(engine.query(f"SELECT count(*) AS n FROM {t}")[0]["n"]
                for t in cloudflare_d1.TABLES)
    if there != rows:
        raise SystemExit(f"{way}: {there} rows arrived of {rows}")
    return rows, outcome.seconds


def one_a_request(engine, place, seconds=10):
    """Rows a second when each goes alone, on one kept connection: export.sql, line by line."""
    empty(engine, place)
    if place.vinny("export-d1").code != 0:
        raise SystemExit("export.sql could not be written")
    schema, _, rows = (place.data / "export.sql").read_text().partition("\nINSERT INTO ")
    connection = http.client.HTTPConnection("127.0.0.1", engine.port, timeout=60)

    def ask(sql):
        connection.request(
            "POST", f"/client/v4/accounts/{cloudflare_d1.ACCOUNT}/d1/database/"
            f"{cloudflare_d1.DATABASE}/query", json.dumps({"sql": sql}),
            {"Authorization": f"Bearer {cloudflare_d1.TOKEN}", "Content-Type": "application/json"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(body.decode())

    ask(schema)
    began, count = time.monotonic(), 0
    for line in rows.split("\nINSERT INTO "):
        ask("INSERT INTO " + line)
        count += 1
        if time.monotonic() - began > seconds:
            break
    connection.close()
    return count / (time.monotonic() - began)


def compare(engine, place, rounds):
    rates = {way: [] for way in WAYS}
    rows = 0
    for _ in range(rounds):  # interleaved: both see the same machine
        for way in WAYS:
            rows, seconds = export(engine, place, way)
            rates[way].append(seconds)
    return rows, {way: statistics.median(all_of) for way, all_of in rates.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="300,1000,3000,10000,30000")
    options = parser.parse_args()
    if cloudflare_d1.missing():
        raise SystemExit(cloudflare_d1.missing())
    sizes = sorted({*map(int, filter(None, options.sizes.split(","))), options.events})
    engine = cloudflare_d1.D1()
    try:
        for size in sizes:
            site = origin.make_site("demo", "http")
            served = origin.Origin(site, engine.folder / f"origin-{size}")
            place = daemon.Workplace(served, politeness={"delay_ms": 5}, d1=engine.settings())
            try:
                if place.vinny("sync", "--local", "--venues", "bluenote", "liv").code != 0:
                    raise SystemExit("the first sync failed")
                served.stop()
                many_events.fill(place, size)
                rows, seconds = compare(engine, place, options.rounds)
                line = ", ".join(f"{way} {s:7.2f} s ({rows / s:6.0f} rows/s)"
                                 for way, s in seconds.items())
                print(f"{size:7} events, {rows:7} rows: {line}", flush=True)
                if size == sizes[-1]:
                    alone = one_a_request(engine, place)
                    best = rows / min(seconds.values())
                    print(f"one statement a request: {alone:.0f} rows/s; the best way is "
                          f"{best / alone:.1f} times that")
            finally:
                place.remove()
    finally:
        engine.remove()


if __name__ == "__main__":
    main()
