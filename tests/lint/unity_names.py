#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files of lib/ are compiled together, those of a floor and those of kindred rooms of a system
(cmake/vinny_library.cmake): names in their unnamed namespaces must be unique among them.

    tests/lint/unity_names.py build/lint"""
import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

from layering import ROOT, SYSTEMS



# As in cmake/vinny_library.cmake.
KINDRED = {"tables": "model", "store": "stages", "routes": "commands", "": "commands"}


def group_of(parts):
    """lib/, its folder, the rooms, the file."""
    if parts[1] not in SYSTEMS:
        return parts[1]
    room = parts[2] if len(parts) > 3 else ""
    return f"{parts[1]}_{KINDRED.get(room, room)}"


def together(folder, commands, scratch):
    """What the compiler says of all files of the folder at once."""
    first = commands[0]
    arguments = shlex.split(first["command"])
    if pathlib.Path(arguments[0]).name == "ccache":
        arguments = arguments[1:]
    keep, skip = [], False
    for word in arguments:
        if skip or word in ("-c", first["file"]):
            skip = False
        elif word in ("-o", "-MF", "-MT"):
            skip = True
        elif word not in ("-MD", "-Wshadow"):
            keep.append(word)
    whole = scratch / f"{folder}.cpp"
    whole.write_text("".join(f'#include "{one["file"]}"\n' for one in commands), encoding="utf-8")
    done = subprocess.run([*keep, "-fsyntax-only", str(whole)], cwd=first["directory"], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout if done.returncode else ""


def main():
    database = json.loads((pathlib.Path(sys.argv[1]) / "compile_commands.json").read_text())
    folders = {}
    for one in database:
        parts = pathlib.Path(one["file"]).relative_to(ROOT).parts
        if parts[0] == "lib" and len(parts) > 2:
            folders.setdefault(group_of(parts), []).append(one)
    with tempfile.TemporaryDirectory() as scratch, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        said = list(pool.map(lambda f: together(f, folders[f], pathlib.Path(scratch)), folders))
    said = [one for one in said if one]
    print("\n".join(said) or "unity names: good")
    sys.exit(1 if said else 0)


main()
