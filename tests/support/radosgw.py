# SPDX-License-Identifier: MIT
"""A Ceph object gateway on a loopback port: one monitor, one store in memory, one gateway. It
checks signatures strictly. Debian: radosgw ceph-mon ceph-osd ceph-mgr ceph-common ceph-base."""
import os
import pathlib
import subprocess
import uuid

from emulator import free_port
from s3_server import S3Server, missing

PROGRAMS = ("radosgw", "radosgw-admin", "ceph", "ceph-mon", "ceph-osd", "ceph-authtool",
            "monmaptool")

# Without authentication between its own parts; all of it listens on loopback.
CONFIGURATION = """
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{monitor}]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
ms mon client mode = crc
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
mon allow pool size one = true
osd crush chooseleaf type = 0
mon max pg per osd = 1000
osd objectstore = memstore
memstore device bytes = 2147483648
admin socket = {dir}/run/$name.asok
run dir = {dir}/run
log file = {dir}/log/$name.log
keyring = {dir}/keyring
mon data = {dir}/mon
osd data = {dir}/osd
mon data avail warn = 1
mon data avail crit = 1
[client.rgw]
rgw data = {dir}/rgw
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw dns name = 127.0.0.1
rgw thread pool size = 64
rgw num rados handles = 1
rgw relaxed region enforcement = false
rgw enable usage log = false
rgw run sync thread = false
debug rgw = 0
"""


def why_not():
    """Why it cannot be started, or nothing."""
    return missing(PROGRAMS, "radosgw ceph-mon ceph-osd ceph-mgr ceph-common ceph-base")


class Radosgw(S3Server):
    def __init__(self, place):
        self.dir = pathlib.Path(place)
        self.port = free_port()
        self.endpoint, self.region = f"http://127.0.0.1:{self.port}", "default"
        self.access_key_id, self.secret = "rgwtestkey", "rgw-secret-canary-0123456789"
        super().__init__()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self):
        for name in ("mon", "osd", "rgw", "run", "log"):
            (self.dir / name).mkdir(parents=True)
        fsid, monitor = str(uuid.uuid4()), free_port()
        self._conf = self.dir / "ceph.conf"
        self._conf.write_text(CONFIGURATION.format(fsid=fsid, monitor=monitor, port=self.port,
                                                   dir=self.dir))
        keyring, monmap = self.dir / "keyring", self.dir / "monmap"
        self._run("ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.",
                  "--cap", "mon", "allow *", conf=False)
        for name in ("client.admin", "client.rgw"):
            self._run("ceph-authtool", keyring, "--gen-key", "-n", name, "--cap", "mon", "allow *",
                      "--cap", "osd", "allow *", conf=False)
        self._run("monmaptool", "--create", "--fsid", fsid, "--addv", "a",
                  f"[v2:127.0.0.1:{monitor}]", monmap, conf=False)
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring)
        self._daemon("ceph-mon", "-i", "a", "-f")
        self._run("ceph", "-s")
        unique = str(uuid.uuid4())
        number = self._run("ceph", "osd", "new", unique).strip()
        self._run("ceph-osd", "-i", number, "--mkfs", "--osd-uuid", unique)
        self._daemon("ceph-osd", "-i", number, "-f")
        self.until(lambda: "1 up" in self._run("ceph", "osd", "stat"))
        self._daemon("radosgw", "-n", "client.rgw", "-f")
        self.until(self.answers)
        self._run("radosgw-admin", "-n", "client.rgw", "user", "create", "--uid=test",
                  "--display-name=test", f"--access-key={self.access_key_id}",
                  f"--secret-key={self.secret}")

    def _environment(self):
        return {**os.environ, "CEPH_CONF": str(self._conf)}

    def _run(self, *command, conf=True):
        words = [str(w) for w in command]
        if conf:
            words[1:1] = ["-c", str(self._conf)]
        done = subprocess.run(words, env=self._environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr[-1000:]}")
        return done.stdout

    def _daemon(self, *command):
        words = [command[0], "-c", str(self._conf), *command[1:]]
        self.spawn(words, self.dir / "log" / f"{command[0]}.out", self._environment())
