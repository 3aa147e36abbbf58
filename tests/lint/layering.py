#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each folder of lib/ may include only itself and the folders above it in the house. And no floor
should know a system, nor a system another: the includes that still do are counted, and may only
become fewer. With --edges they are listed."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOUSE = ("core model config observe policy task http image decoder catalog blob alerts run control "
         "command").split()
SYSTEMS = re.search(r"set\(VINNY_SYSTEMS\s+([^)]*)\)",
                    (ROOT / "daemon/systems.cmake").read_text(encoding="utf-8")).group(1).split()
# The rooms of a system, in order: a room may use those of its own system at or above its place.
ROOMS = {"model": 0, "markup": 1, "source": 1, "postgres": 2, "tables": 2, "publish": 3, "stages": 4, "store": 4,
         "routes": 5, "commands": 5}
MOST_FILES, MOST_LINES = 30, 350  # of a folder, of a file
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)

FLOOR = "floor"
MOST_UPSIDE_DOWN = 0  # a floor includes a system
MOST_SIDEWAYS = 0    # a system includes another


def owner(path):
    """The system of a file below lib/, or FLOOR."""
    top = path.split("/")[0]
    return top if top in SYSTEMS else FLOOR


def includes():
    """(file, included) of everything in lib/, both below lib/."""
    for source in sorted((ROOT / "lib").rglob("*.[ch]pp")):
        path = str(source.relative_to(ROOT / "lib"))
        for include in INCLUDE.findall(source.read_text(encoding="utf-8")):
            if include.split("/")[0] in HOUSE + SYSTEMS:
                yield path, include


def problems():
    folders = {p.name for p in (ROOT / "lib").iterdir() if p.is_dir()} - {"compiled"}
    for unknown in sorted(folders - set(HOUSE + SYSTEMS)):
        yield f"lib/{unknown}: not in the house; give it a place in {pathlib.Path(__file__).name}"
    for path, include in includes():
        folder, target = path.split("/")[0], include.split("/")[0]
        if folder in HOUSE and target in HOUSE and HOUSE.index(target) > HOUSE.index(folder):
            yield f"lib/{path}: {folder}/ may not include {include}"
        if folder in SYSTEMS and target == folder and not rooms_fit(path, include):
            yield f"lib/{path}: its room is above that of {include}"
    yield from too_large()
    for what, edges, most in (("upside down", upside_down(), MOST_UPSIDE_DOWN),
                              ("sideways", sideways(), MOST_SIDEWAYS)):
        if len(edges) != most:
            yield (f"{len(edges)} includes go {what}, {most} are known: "
                   + ("mend the new ones" if len(edges) > most else f"write {len(edges)} into it"))


def too_large():
    """Folders and files of lib/ in which one gets lost."""
    for folder in sorted(p for p in (ROOT / "lib").rglob("*") if p.is_dir()):
        files = [p for p in folder.iterdir() if p.is_file()]
        if len(files) > MOST_FILES:
            yield f"{folder.relative_to(ROOT)}: {len(files)} files, more than {MOST_FILES}"
        for file in (p for p in files if p.suffix in (".hpp", ".cpp")):
            lines = len(file.read_text(encoding="utf-8").splitlines())
            if lines > MOST_LINES:
                yield f"{file.relative_to(ROOT)}: {lines} lines, more than {MOST_LINES}"


def rooms_fit(path, include):
    """What stands in the system's folder itself puts the rooms together; its page is of routes."""
    own, other = path.split("/")[1], include.split("/")[1]
    if own not in ROOMS:
        return True
    return ROOMS[own] >= ROOMS.get(other, ROOMS["routes"])


def upside_down():
    return [(path, include) for path, include in includes()
            if owner(path) == FLOOR and owner(include) != FLOOR]


def sideways():
    return [(path, include) for path, include in includes()
            if FLOOR not in (owner(path), owner(include)) and owner(path) != owner(include)]


if __name__ == "__main__":
    if "--edges" in sys.argv:
        for name, edges in (("upside down", upside_down()), ("sideways", sideways())):
            print(f"{name}: {len(edges)}")
            print("".join(f"  {path} -> {include}\n" for path, include in edges), end="")
    found = list(problems())
    print("\n".join(found) or "layering: good")
    sys.exit(1 if found else 0)
