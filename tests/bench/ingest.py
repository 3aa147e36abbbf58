# SPDX-License-Identifier: MIT
"""`vinny specimens ingest` against the two usual ways of getting a list into SQLite, and a shuffled
list against a sorted one. Interleaved; medians; prints the ratios.

    ./dev bench ingest [--rows N] [--rounds N]"""
import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import list_generator

ROOT = pathlib.Path(__file__).resolve().parents[2]
VINNY = ROOT / "build/release/daemon/vinny"
IIIF = re.compile(r"/(manifest(\.json)?|full/[^/]+/[^/]+/default\.jpg)$", re.I)


def with_vinny(source, folder):
    """(seconds, distinct images, bytes an image, most anonymous memory in MiB)"""
    began = time.monotonic()
    child = subprocess.Popen([VINNY, "--data-dir", folder, "specimens", "ingest", source, "--json"],
                             stdout=subprocess.PIPE, cwd=folder, text=True)
    peak = 0
    while child.poll() is None:
        try:
            status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
        except OSError:
            break
        found = re.search(r"RssAnon:\s+(\d+)", status)
        peak = max(peak, int(found[1]) if found else 0)
        time.sleep(0.02)
    out = json.loads(child.communicate()[0])
    took = time.monotonic() - began
    if child.returncode != 0:
        sys.exit(f"vinny: exit {child.returncode}")
    size = os.path.getsize(folder / "vinny.db")
    return took, out["images"], size / out["images"], peak / 1024


BY_URL = "id INTEGER PRIMARY KEY, gbif_id INTEGER, key TEXT UNIQUE, urls TEXT, state INTEGER"
BY_ID = "gbif_id INTEGER, key TEXT, urls TEXT, state INTEGER, PRIMARY KEY (gbif_id, key)"


def with_python(source, folder, columns):
    """csv and an upsert a row: what a script does."""
    began = time.monotonic()
    base = sqlite3.connect(folder / "python.db")
    base.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                       f"CREATE TABLE images ({columns});")
    with open(source, newline="", encoding="utf-8") as text:
        rows = csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
        chunk = []

        def flush():
            base.executemany("INSERT INTO images (gbif_id, key, urls, state) VALUES (?, ?, ?, 0) ON CONFLICT DO UPDATE SET "
                             "urls = urls || char(10) || excluded.urls", chunk)
            base.commit()
            chunk.clear()
        for row in rows:
            chunk.append((int(row["gbifID"]), IIIF.sub("", row["identifier"]), row["identifier"]))
            if len(chunk) == 50_000:
                flush()
        flush()
    count = base.execute("SELECT count(*) FROM images").fetchone()[0]
    base.close()
    return time.monotonic() - began, count


def with_sqlite(source, folder):
    """.import, then SQL that groups: the key is what stands before the IIIF parameters."""
    began = time.monotonic()
    script = f""".mode ascii
.separator "\\t" "\\n"
.import {source} raw
CREATE TABLE images AS SELECT CAST(gbifID AS INTEGER) AS gbif_id,
  CASE WHEN identifier LIKE '%/manifest.json' THEN substr(identifier, 1, length(identifier) - 14)
       WHEN identifier LIKE '%/full/1600,/0/default.jpg'
         THEN substr(identifier, 1, length(identifier) - 25)
       WHEN identifier LIKE '%/full/max/0/default.jpg'
         THEN substr(identifier, 1, length(identifier) - 23)
       ELSE identifier END AS key, group_concat(identifier, char(10)) AS urls, 0 AS state
  FROM raw GROUP BY 1, 2;
CREATE INDEX images_by_id ON images(gbif_id);
DROP TABLE raw;
SELECT count(*) FROM images;
"""
    out = subprocess.run(["sqlite3", folder / "sqlite.db"], input=script, text=True, check=True,
                         capture_output=True)
    return time.monotonic() - began, int(out.stdout.split()[-1])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=5_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options = options.parse_args()
    seconds, memory = {}, []
    with tempfile.TemporaryDirectory(prefix="vinny-ingest-", dir=os.environ.get("TMPDIR")) as top:
        top = pathlib.Path(top)
        source, mixed = top / "multimedia.txt", top / "shuffled.txt"
        distinct = list_generator.write(source, options.rows)
        list_generator.shuffle(source, mixed)
        ways = {"vinny": lambda folder: with_vinny(source, folder),
                "vinny, shuffled": lambda folder: with_vinny(mixed, folder),
                "python csv + upsert by URL": lambda f: with_python(source, f, BY_URL),
                "python csv + upsert by gbifID": lambda f: with_python(source, f, BY_ID),
                "sqlite3 .import + GROUP BY": lambda folder: with_sqlite(source, folder)}
        for _ in range(options.rounds):
            for name, way in ways.items():
                folder = top / "run"
                folder.mkdir()
                took, images, *more = way(folder)
                shutil.rmtree(folder)
                seconds.setdefault(name, []).append(took)
                if images != distinct:
                    sys.exit(f"{name}: {images} images, not {distinct}")
                if more:
                    size, peak = more
                    memory.append(peak)
                print(f"  {name:30} {took:7.1f} s  {options.rows / took:10,.0f} rows/s", flush=True)
    middle = {name: statistics.median(all_of) for name, all_of in seconds.items()}
    print(f"{options.rows:,} rows, {distinct:,} distinct images, {size:.0f} bytes an image, "
          f"at most {max(memory):.0f} MiB of anonymous memory")
    for name in list(ways)[2:]:
        print(f"rate / {name}: {middle[name] / middle['vinny']:.1f}")
    print(f"shuffled / sorted, time: {middle['vinny, shuffled'] / middle['vinny']:.2f}")


if __name__ == "__main__":
    main()
