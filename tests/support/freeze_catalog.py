#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes a catalog's schema, with one row in each of its tables, as SQL: what the upgrade test
begins with. Run it once for each new version of the catalog, before the next one changes it:

    freeze_catalog.py data/vinny.db > tests/unit/catalog/versions/N.sql
"""
import sqlite3
import sys


def value(column, kind, number):
    """A row's value that says where it is from. JSON columns need JSON."""
    if column in ("params", "counts", "record"):
        return "'{}'"
    if column in ("candidates", "performers", "images"):
        return "'[]'"
    if kind == "BLOB":
        return f"x'{number:02x}'"
    return str(number) if kind == "INTEGER" else f"'{column} {number}'"


def row(catalog, table):
    columns = [(name, kind) for _, name, kind, *_ in
               catalog.execute(f"PRAGMA table_xinfo({table})")]
    values = [value(name, kind, number + 1) for number, (name, kind) in enumerate(columns)]
    return f"INSERT INTO {table} ({', '.join(c for c, _ in columns)}) VALUES ({', '.join(values)});"


def freeze(catalog):
    objects = catalog.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
        "ORDER BY type = 'trigger', type = 'index', rowid").fetchall()
    virtual = [name for _, name, sql in objects if sql.startswith("CREATE VIRTUAL")]
    shadow = {name for _, name, _ in objects for v in virtual if name.startswith(v + "_")}
    yield f"PRAGMA user_version = {catalog.execute('PRAGMA user_version').fetchone()[0]};"
    yield f"PRAGMA application_id = {0x56494E59};"
    kept = [one for one in objects if one[1] not in shadow]
    for kind, name, sql in kept:
        if kind == "table":
            yield sql + ";"
    for kind, name, sql in kept:
        if kind == "table" and name not in virtual:
            yield row(catalog, name)
    for kind, name, sql in kept:
        if kind != "table":
            yield sql + ";"


if __name__ == "__main__":
    print("\n".join(freeze(sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True))))
