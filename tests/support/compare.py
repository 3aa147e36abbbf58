# SPDX-License-Identifier: MIT
"""Reads what a sync has left behind, and holds it against what was expected."""
import hashlib
import json
import sqlite3

from PIL import Image

import expected
import pictures

SCRATCH = (".tmp", ".part", ".partial", "~")


def rows(database, timestamps=False):
    """Table -> rows as dicts in key order. Empty text counts as NULL."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    out = {}
    for table, keys in expected.KEYS.items():
        found = [{k: (None if row[k] == "" else row[k]) for k in row.keys()
                  if timestamps or k not in expected.TIMESTAMPS}
                 for row in connection.execute(f"SELECT * FROM {table}")]
        out[table] = sorted(found, key=lambda r: [r[k] for k in keys])
    connection.close()
    return out


def file_digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def image_files(folder):
    """Relative path -> path of every file below `folder`/artists."""
    return {str(p.relative_to(folder)): p for p in sorted((folder / "artists").rglob("*"))
            if p.is_file()}


def undecodable(data):
    """Final paths whose file is not a whole JPEG. Decodes every pixel."""
    bad = []
    for folder in (data, data / "public"):
        for name, path in image_files(folder).items():
            if not name.endswith(".jpg"):
                continue
            try:
                with Image.open(path) as image:
                    image.load()
                    if image.format != "JPEG":
                        bad.append(f"{path}: {image.format}")
            except (OSError, SyntaxError) as problem:
                bad.append(f"{path}: {problem}")
    return bad


def leftovers(folder):
    """Files that nobody finished."""
    return [str(p) for p in folder.rglob("*") if p.is_file() and
            (p.name.endswith(SCRATCH) or ".tmp" in p.name)]


def _without_times(value):
    if isinstance(value, dict):
        return {k: _without_times(v) for k, v in value.items()
                if not k.endswith("_at") and k not in ("run_id", "timestamp")}
    return [_without_times(v) for v in value] if isinstance(value, list) else value


def manifest(data):
    return _without_times(json.loads((data / "image_manifest.json").read_text(encoding="utf-8")))


def snapshot(data):
    """Everything that two syncs of one site must have in common."""
    return {"rows": rows(data / "local-d1.sqlite"),
            "files": {n: file_digest(p) for n, p in image_files(data).items()},
            "objects": {n: file_digest(p) for n, p in image_files(data / "public").items()},
            "manifest": manifest(data)}


def assert_rows(test, site, data):
    found, wanted = rows(data / "local-d1.sqlite"), expected.expected_rows(site)
    artists = {row["id"]: row["slug"] for row in found["artists"]}
    for image in found["images"]:
        path = data / "artists" / artists[image["artist_id"]] / image["r2_url"].rpartition("/")[2]
        test.assertEqual(image.pop("bytes"), path.stat().st_size, path)
        test.assertEqual(image.pop("sha256"), file_digest(path), path)
    for table in expected.KEYS:
        keys = expected.KEYS[table]
        identity = lambda row: tuple(row[k] for k in keys)
        label = (lambda row: row["composite_key"]) if table == "events" else (lambda row: str(row))
        have, want = ({identity(r): r for r in rs} for rs in (found[table], wanted[table]))
        test.assertEqual([], [label(want[k]) for k in want.keys() - have.keys()],
                         f"rows missing in {table}")
        test.assertEqual([], [label(have[k]) for k in have.keys() - want.keys()],
                         f"rows too many in {table}")
        for key, row in want.items():
            test.assertEqual(list(row), [c for c in have[key] if c in row], f"columns of {table}")
            wrong = {c: (have[key][c], v) for c, v in row.items() if not v == have[key][c]}
            test.assertEqual({}, wrong, f"{table}: (found, expected) of {label(row)}")


def assert_files(test, site, data):
    wanted = expected.expected_files(site)
    for folder in (data, data / "public"):
        found = image_files(folder)
        test.assertEqual(sorted(wanted), sorted(found), f"files under {folder}")
    for name, size in wanted.items():
        with Image.open(data / name) as image:
            image.load()
            test.assertEqual(("JPEG", size), (image.format, image.size), name)
            test.assertLessEqual(len(image.getexif()), 0, f"{name} carries metadata")
            picture = expected.picture_of_file(site, name)
            off = pictures.difference(image, pictures.as_published(picture, *size))
            test.assertLess(off, 4.0, f"{name} does not look like its source")
        test.assertEqual(file_digest(data / name), file_digest(data / "public" / name), name)


def assert_expected(test, site, data):
    test.assertEqual([], undecodable(data))
    assert_files(test, site, data)
    assert_rows(test, site, data)
    test.assertEqual([], leftovers(data))
