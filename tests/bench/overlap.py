#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How well the stages overlap: the time of a whole sync over that of its slowest stage alone, with
an origin that answers each request after 200 ms. Interleaved runs, medians; 1.0 is the ideal."""
import argparse
import pathlib
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import daemon  # noqa: E402
import origin as bundled  # noqa: E402


def one_round():
    """Seconds of scrape, of images after it, and of a whole sync on fresh ground."""
    took = {}
    with tempfile.TemporaryDirectory(prefix="vinny-bench-") as folder:
        served = bundled.Origin(bundled.make_site("overlap"), pathlib.Path(folder))
        try:
            served.warm()
            served.latency = 0.2
            place = daemon.Workplace(served)
            try:
                took["scrape"] = place.vinny("scrape").seconds
                took["images"] = place.vinny("images", "download").seconds
                place.wipe()
                took["sync"] = place.vinny("sync", "--local").seconds
            finally:
                place.remove()
        finally:
            served.stop()
    return took


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=5, help="rounds (default 5)")
    rounds = [one_round() for _ in range(parser.parse_args().n)]
    for name in ("scrape", "images", "sync"):
        print(f"{name:<8} {statistics.median(r[name] for r in rounds):6.2f} s")
    ratios = [r["sync"] / max(r["scrape"], r["images"]) for r in rounds]
    print(f"sync / slowest stage: {statistics.median(ratios):.3f} "
          f"(min {min(ratios):.3f}, max {max(ratios):.3f}, n = {len(ratios)})")


main()
