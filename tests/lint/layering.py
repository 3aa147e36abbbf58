#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each folder of lib/ may include only itself and the folders above it in the house."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOUSE = ("core model config observe policy task http image decoder catalog blob source publish "
         "pipeline control command").split()
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def problems():
    folders = {p.name for p in (ROOT / "lib").iterdir() if p.is_dir()} - {"compiled"}
    for unknown in sorted(folders - set(HOUSE)):
        yield f"lib/{unknown}: not in the house; give it a place in {pathlib.Path(__file__).name}"
    for source in sorted((ROOT / "lib").rglob("*.[ch]pp")):
        folder = source.relative_to(ROOT / "lib").parts[0]
        if folder not in HOUSE:
            continue
        for include in INCLUDE.findall(source.read_text(encoding="utf-8")):
            target = include.split("/")[0]
            if target in HOUSE and HOUSE.index(target) > HOUSE.index(folder):
                yield f"{source.relative_to(ROOT)}: {folder}/ may not include {include}"


found = list(problems())
print("\n".join(found) or "layering: good")
sys.exit(1 if found else 0)
