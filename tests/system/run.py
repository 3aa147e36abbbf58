#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the system tests, several modules at a time; those that measure time run alone, first.

    VINNY_BIN_DIR=build/release/daemon tests/system/run.py [PATTERN…]      (default: *_test)"""
import concurrent.futures
import fnmatch
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ALONE = ("politeness_test", "overlap_test")
# The longest first, so that none is left over at the end.
LONG = ("faults_test", "s3_test", "d1_test", "crash_test", "sync_local_test", "cloud_test")
AT_ONCE = 4


def run(module):
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "unittest", module], cwd=HERE, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    good = done.returncode == 0
    lines = done.stdout.strip().splitlines()
    print(f"{'ok  ' if good else 'FAIL'} {module:<18} {time.monotonic() - began:6.1f} s  "
          f"{lines[-1] if lines else ''}", flush=True)
    if not good:
        print(done.stdout, flush=True)
    return good


def main():
    patterns = sys.argv[1:] or ["*_test"]
    modules = [p.stem for p in sorted(HERE.glob("*_test.py"))
               if any(fnmatch.fnmatch(p.stem, one.removesuffix(".py")) for one in patterns)]
    if not modules:
        sys.exit(f"no module fits {' '.join(patterns)}")
    if "VINNY_BIN_DIR" in os.environ:  # the modules run in another folder
        os.environ["VINNY_BIN_DIR"] = str(pathlib.Path(os.environ["VINNY_BIN_DIR"]).resolve())
    good = all([run(one) for one in modules if one in ALONE])
    others = sorted((one for one in modules if one not in ALONE),
                    key=lambda one: LONG.index(one) if one in LONG else len(LONG))
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        good = all(list(pool.map(run, others))) and good
    sys.exit(0 if good else 1)


main()
