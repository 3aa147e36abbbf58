# SPDX-License-Identifier: MIT
"""Our own shortages stop the run with their name and the cure, cost no image and are no host's
fault."""
import re
import shutil
import subprocess
import unittest

from specimen_cases import SpecimenTest, jpeg
import daemon

COUNT = 60
MOST = 1_073_741_824_000  # of min_free


class Shortages(SpecimenTest):

    def setUp(self):
        super().setUp()
        body = jpeg("plate", 200, 150)
        for n in range(COUNT):
            self.specimen(1000 + n, self.herbaria.put(f"h{n % 6}.example", f"/{n}.jpg", body))
        self.begin(politeness={"delay_ms": 0, "concurrency": 8, "patience_s": 1})

    def assert_all_come(self):
        self.assert_code(0, self.place.vinny("specimens", "download"))
        self.assertEqual({"images.success": COUNT, "gbif_ids.done": COUNT}, self.totals())

    def assert_nobody_is_blamed(self):
        self.assertEqual({}, self.failures())
        self.assertEqual([(0,)], self.query("SELECT coalesce(sum(failures), 0) FROM hosts"))

    def test_a_disk_that_gets_full(self):
        if shutil.disk_usage(self.place.root).free > MOST:
            self.skipTest("this disk cannot be called full")
        text = self.place.config.read_text()
        self.place.config.write_text(f"min_free = {MOST}\n{text}")
        out = self.place.vinny("specimens", "download")
        self.assertEqual(1, out.code, str(out))
        self.assertRegex(out.out + out.err, r"MB are free and \d+ MB are to stay free \(min_free\)")
        self.assertEqual([], self.herbaria.images_asked())
        self.assert_nobody_is_blamed()
        self.place.config.write_text(text)
        self.assert_all_come()

    def test_too_few_descriptors(self):
        command = ["/bin/sh", "-c", 'ulimit -n 24; exec "$0" "$@"', daemon.binary("vinny"),
                   "--config", str(self.place.config), "specimens", "download"]
        out = subprocess.run(command, env=self.place.environment(), capture_output=True, text=True,
                             timeout=daemon.long_enough)
        if out.returncode != 0:  # how many are needed at once is not promised
            self.assertTrue(re.search("descriptors", out.stdout + out.stderr), out.stderr)
        self.assert_nobody_is_blamed()
        self.assert_all_come()


if __name__ == "__main__":
    unittest.main()
