# SPDX-License-Identifier: MIT
"""Another client's view of a bucket: rclone's."""
import json
import os
import pathlib
import shutil
import subprocess


def why_not():
    return None if shutil.which("rclone") else "rclone is missing: apt-get install rclone"


class Rclone:
    def __init__(self, server, place):
        self.server, self.place = server, pathlib.Path(place)

    def run(self, *command, **options):
        values = {"RCLONE_CONFIG": "/dev/null", "RCLONE_CONFIG_S_TYPE": "s3",
                  "RCLONE_CONFIG_S_PROVIDER": "Other",
                  "RCLONE_CONFIG_S_ACCESS_KEY_ID": self.server.access_key_id,
                  "RCLONE_CONFIG_S_SECRET_ACCESS_KEY": self.server.secret,
                  "RCLONE_CONFIG_S_ENDPOINT": self.server.endpoint,
                  "RCLONE_CONFIG_S_REGION": self.server.region,
                  "RCLONE_S3_NO_CHECK_BUCKET": str(command[0] != "mkdir").lower()}
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME")}
        return subprocess.run(["rclone", *command], env={**kept, **values}, check=True, timeout=120,
                              stdout=subprocess.PIPE, **options).stdout

    def make_bucket(self):
        self.run("mkdir", f"s:{self.server.bucket}")

    def objects(self):
        """key -> bytes of all objects."""
        there = self.place / "rclone"
        shutil.rmtree(there, ignore_errors=True)
        self.run("copy", f"s:{self.server.bucket}", str(there))
        return {str(p.relative_to(there)): p.read_bytes() for p in there.rglob("*") if p.is_file()}

    def headers(self, key):
        """What lsjson knows of an object."""
        (one,) = json.loads(self.run("lsjson", "-M", f"s:{self.server.bucket}/{key}"))
        return one

    def put(self, key, body):
        self.run("rcat", f"s:{self.server.bucket}/{key}", input=body)

    def delete(self, key):
        self.run("deletefile", f"s:{self.server.bucket}/{key}")

    def purge(self):
        self.run("delete", f"s:{self.server.bucket}")
