# SPDX-License-Identifier: MIT
"""Fills a workplace with any number of renditions, as the image stage leaves them: files on disk,
and rows that wait for the store. Their artists are those of many_events."""
import hashlib
import random
import sqlite3


def rows(root, count, size, large=(), seed=7):
    """Writes the files below `root`; yields (slug, sha256, md5, bytes) of each. `large`: the sizes
    of so many more."""
    source = random.Random(seed)
    for n, length in enumerate([size] * count + list(large)):
        slug, body = f"made-{n}", source.randbytes(length)
        path = root / "artists" / slug / f"{slug}_liv_main.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        yield slug, hashlib.sha256(body).hexdigest(), hashlib.md5(body).hexdigest(), length


def enter(catalog, made):
    """The catalog as it is before the first upload."""
    for table in ("objects", "renditions", "published"):
        catalog.execute(f"DELETE FROM {table}")
    catalog.executemany("INSERT OR IGNORE INTO artists (slug, identity, name) VALUES (?1, ?1, ?1)",
                        [(one[0],) for one in made])
    catalog.executemany(
        "INSERT INTO renditions (venue_tag, artist_slug, size, candidates, state, sha256, md5, "
        "bytes, width, height) VALUES ('liv', ?, 'main', '[]', 'done', ?, ?, ?, 500, 500)", made)


def fill(place, count, size=8000, large=()):
    """After it, `count` images more wait for the store and for D1. Returns their rows."""
    made = list(rows(place.data, count, size, large))
    with sqlite3.connect(place.data / "vinny.db", timeout=30) as catalog:
        enter(catalog, made)
    catalog.close()
    return made
