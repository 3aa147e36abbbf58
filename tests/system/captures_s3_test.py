# SPDX-License-Identifier: MIT
"""Captures whose pictures are in one private bucket and whose thumbnails go into another: at R2's own
emulator, by addresses that are signed."""
import shutil
import tempfile
import unittest
import urllib.error
import urllib.request

from capture_cases import CaptureTest, jpeg, opened  # first: it knows where the supports are
import emulator
import rclone
from control import Control
import daemon

ABSENT = emulator.why_not() or rclone.why_not()


def fetched(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()


@unittest.skipIf(ABSENT, ABSENT)
class Buckets(CaptureTest):

    def setUp(self):
        super().setUp()
        folder = tempfile.mkdtemp(prefix="vinny-captures-")
        self.addCleanup(shutil.rmtree, folder, True)
        self.store = emulator.Emulator(folder, buckets=("images", "moths"))
        self.addCleanup(self.store.stop)
        self.thumbs = rclone.Rclone(self.store, folder)
        self.begin("""[thumbnails]
presigned_s = 3600
[captures.collection.moths]
source = "s3://moths/2026/"
""")
        values = "\n".join(f'{k} = "{v}"' for k, v in self.store.store().items())
        config = self.place.config
        config.write_text(config.read_text().replace("[store]\n", f"[store]\n{values}\n"))
        self.daemon = self.start_daemon(self.place)
        self.control = Control(self.place.socket, timeout=90 * daemon.SLOW)

    def put(self, key, body):
        self.thumbs.run("rcat", f"s:moths/{key}", input=body)

    def sync(self):
        found = self.assert_code(0, self.place.vinny("captures", "sync", "--json")).json()
        return tuple(found["run"]["counts"][f"captures_{n}"] for n in (
            "found", "added", "changed", "removed"))

    def test_a_prefix_is_kept_in_step_and_drawn_into_another_bucket(self):
        for key in ("2026/a.jpg", "2026/b/ü 2.jpg", "2027/no.jpg", "2026/notes.txt"):
            self.put(key, jpeg(key, 700, 500))
        self.assertEqual((2, 2, 0, 0), self.sync())
        self.assertEqual((2, 0, 0, 0), self.sync())
        rows = {r["location"]: r for r in self.list()["captures"]}
        self.assertEqual({"2026/a.jpg", "2026/b/ü 2.jpg"}, set(rows))
        for row in rows.values():
            self.assertEqual((700, 500), opened(fetched(row["url"])).size)  # signed, and private
            with self.assertRaises(urllib.error.HTTPError):
                fetched(row["url"].split("?")[0])
            answer = self.thumbnail(row["id"])
            self.assertEqual(302, answer.status, answer.body)
            self.assertEqual((240, 171), opened(fetched(answer.headers["location"])).size)
        listed = [r["thumbnails"]["small"] for r in self.list()["captures"]]
        self.assertEqual(listed, [r["thumbnails"]["small"] for r in self.list()["captures"]])
        self.assertTrue(all(opened(fetched(a)) for a in listed))
        # Replaced in the bucket within the same second: a new version, drawn once more.
        number = rows["2026/a.jpg"]["id"]
        self.put("2026/a.jpg", jpeg("other", 600, 600))
        self.assertEqual((2, 0, 1, 0), self.sync())
        answer = self.thumbnail(number)
        self.assertEqual((240, 240), opened(fetched(answer.headers["location"])).size)
        # Lost there, and found out.
        keys = sorted(self.thumbs.objects())
        self.assertEqual(3, len(keys))  # the former one is still on its way out
        self.thumbs.delete(next(k for k in keys if answer.headers["location"].split("?")[0]
                                .endswith(k)))
        self.assert_code(9, self.place.vinny("verify"))
        self.assertEqual((240, 240), opened(fetched(
            self.thumbnail(number).headers["location"])).size)
        self.assert_code(0, self.place.vinny("verify"))
        upload = self.upload(jpeg("U", 300, 300)).json()
        self.assertEqual((300, 300), opened(fetched(upload["url"])).size)
        self.assertEqual(204, self.control.request("DELETE", f"/v1/captures/{upload['id']}").status)
        self.query("UPDATE doomed_objects SET due_ms = 0")
        daemon.wait_until(lambda: len(self.thumbs.objects()) == 2, what="the objects' removal")


if __name__ == "__main__":
    unittest.main()
