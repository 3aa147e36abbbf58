#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns files into a C++ source of string constants: embed.py OUT NAME=FILE...
A YAML file becomes the JSON of the same document."""
import json
import pathlib
import sys


def content(path: pathlib.Path) -> bytes:
    if path.suffix != ".yaml":
        return path.read_bytes()
    import yaml  # Debian: python3-yaml
    return json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), separators=(",", ":"),
                      default=str).encode()


def literal(data: bytes) -> str:
    # An array of numbers has no length limit and no escaping.
    return ",".join(str(byte) for byte in data)


def main() -> None:
    out = ["#include <string_view>", "namespace vinny::page {", "namespace {"]
    names = []
    for pair in sys.argv[2:]:
        name, _, path = pair.partition("=")
        data = content(pathlib.Path(path))
        names.append(name)
        out.append(f"constexpr unsigned char {name}_bytes[] = {{{literal(data)}}};")
    out.append("}  // namespace")
    for name in names:
        out.append(f"std::string_view {name}();")
        out.append(f"std::string_view {name}() {{ return {{reinterpret_cast<char const*>({name}_bytes), "
                   f"sizeof {name}_bytes}}; }}")
    out.append("}  // namespace vinny::page")
    pathlib.Path(sys.argv[1]).write_text("\n".join(out) + "\n", encoding="utf-8")


main()
