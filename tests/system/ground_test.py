# SPDX-License-Identifier: MIT
"""Bad ground: a full disk, a read-only data directory, a catalog of a newer version. Each gets
one clear message; nothing half-written stays."""
import shutil
import sqlite3
import subprocess
import unittest

from cases import QUICK, SystemTest
import compare
import daemon


def can_mount():
    """True where an unprivileged mount namespace may be had."""
    if not shutil.which("unshare"):
        return False
    probe = subprocess.run(["unshare", "-Urm", "sh", "-c", "mount -t tmpfs none /mnt"],
                           capture_output=True, check=False)
    return probe.returncode == 0


@unittest.skipUnless(can_mount(), "needs unshare -Urm with tmpfs")
class Disk(SystemTest):
    """The data directory is a tmpfs inside a namespace; `after/` gets a copy of it."""

    def in_namespace(self, place, script):
        place.data.mkdir(parents=True)
        return daemon.Child(["unshare", "-Urm", "sh", "-ec", script, "sh", daemon.binary("vinny"),
                             str(place.config), str(place.data), str(place.root / "after")],
                            place.environment(), place.root).wait()

    def test_a_full_disk_halts_the_run_and_space_heals_it(self):
        origin, place = self.serve(**QUICK)
        outcome = self.in_namespace(place, """
            mount -t tmpfs -o size=3m tmpfs "$3"
            code=0; "$1" --config "$2" sync --local || code=$?
            cp -r "$3" "$4"; echo "first exit code: $code"
            mount -o remount,size=300m "$3"
            code=0; "$1" --config "$2" sync --local || code=$?
            mkdir "$4.whole"; cp -r "$3/." "$4.whole"
            exit $code""")
        self.assert_code(0, outcome)
        self.assertIn("first exit code: 1", outcome.out)
        self.assertRegex(outcome.err, r"(?i)disk.*full|no space")
        full = place.root / "after"
        self.assertEqual([], compare.undecodable(full))
        self.assertEqual([], compare.leftovers(full))
        compare.assert_expected(self, origin.site, place.root / "after.whole")

    def test_a_read_only_data_directory_is_named(self):
        origin, place = self.serve(**QUICK)
        outcome = self.in_namespace(place, """
            mount -t tmpfs tmpfs "$3"; mount -o remount,ro "$3"
            exec "$1" --config "$2" sync --local""")
        self.assert_code(1, outcome)
        self.assertRegex(outcome.err, r"(?i)read-only")
        self.assertIn(str(place.data), outcome.err)
        self.assertEqual([], origin.log.entries())


class Catalog(SystemTest):

    def test_a_catalog_of_a_newer_version_is_left_alone(self):
        origin, place = self.serve(**QUICK)
        self.assert_code(0, place.vinny("sync", "--local", "--venues", "bluenote"))
        with sqlite3.connect(place.data / "vinny.db") as catalog:
            version = catalog.execute("PRAGMA user_version").fetchone()[0]
            self.assertGreater(version, 0)
            catalog.execute(f"PRAGMA user_version = {version + 1000}")
        catalog.close()
        origin.log.clear()
        outcome = self.assert_code(1, place.vinny("sync", "--local"))
        self.assertRegex(outcome.err, r"(?i)newer")
        self.assertEqual([], origin.log.entries())

    def test_a_catalog_that_is_none_is_named(self):
        _, place = self.serve(**QUICK)
        place.data.mkdir(parents=True)
        (place.data / "vinny.db").write_bytes(b"this is no database, but it is long" * 100)
        outcome = self.assert_code(1, place.vinny("sync", "--local"))
        self.assertIn("vinny.db", outcome.err)

    def test_the_files_of_an_older_layout_are_adopted(self):
        origin, place = self.serve(**QUICK)
        self.assert_code(0, place.vinny("sync", "--local"))
        before = compare.snapshot(place.data)
        images = place.data / "images"
        images.mkdir()
        (place.data / "artists").rename(images / "artists")
        for old in place.data.iterdir():  # an installation of the original system: no catalog
            if old.name.startswith("vinny.db") or old.name in ("public", "runs"):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        origin.log.clear()
        self.assert_code(0, place.vinny("sync", "--local"))
        asked = [e for e in origin.log.entries() if e["path"].endswith((".jpg", ".jpeg", ".png"))]
        self.assertEqual([], asked, "adopted files are not fetched again")
        self.assertEqual(before["files"], compare.snapshot(place.data)["files"])


if __name__ == "__main__":
    unittest.main()
