# SPDX-License-Identifier: MIT
"""Fills a workplace's catalog with any number of events, made from one that a run has read."""
import json
import sqlite3

PER_ARTIST = 20


def fill(place, count, per_artist=PER_ARTIST):
    """After it, `count` more events are to be published. Returns how many rows they give."""
    with sqlite3.connect(place.data / "vinny.db", timeout=30) as catalog:
        record = json.loads(catalog.execute(
            "SELECT record FROM events WHERE record LIKE '%tiers%' LIMIT 1").fetchone()[0])
        tag = record["venue_tag"]
        at = "2026-01-01T00:00:00.000Z"
        artists = [(f"made-{n}", f"made-{n}", f"Maker's {n}") for n in range((count - 1) // per_artist + 1)]
        catalog.executemany("INSERT INTO artists (slug, identity, name) VALUES (?, ?, ?)", artists)

        def events():
            for n in range(count):
                slug, _, name = artists[n // per_artist]
                day = f"2027-{n % 12 + 1:02}-{n % 28 + 1:02}"
                key = f"{day}-{slug}-hall-{n}"
                own = {**record, "date": day, "title": f"{name} at the Hall, night {n}",
                       "description": "One night only; doors at nine. " * 6, "performers": [name],
                       "images": [], "tiers": record["tiers"][:1],
                       "url": f"http://www.livnightclub.com/event/made/{n}/"}
                yield (key, key, tag, slug, day, json.dumps([{"name": name, "slug": slug}]),
                       json.dumps(own, ensure_ascii=False), at, at, at)
        catalog.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", events())
    catalog.close()
    return len(artists) + 3 * count
