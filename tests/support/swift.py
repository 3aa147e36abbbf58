# SPDX-License-Identifier: MIT
"""OpenStack Swift with its S3 interface on a loopback port: it refuses a wrong region, which other
servers let pass. Debian: swift-proxy swift-account swift-container swift-object
memcached."""
import os
import pathlib
import subprocess

from emulator import free_port
from s3_server import S3Server, missing

PROGRAMS = ("swift-proxy-server", "swift-account-server", "swift-container-server",
            "swift-object-server", "swift-ring-builder", "memcached")
KINDS = ("account", "container", "object")

STORAGE = """
[DEFAULT]
swift_dir = {dir}
devices = {dir}/devices
mount_check = false
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = root
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
PROXY = """
[DEFAULT]
swift_dir = {dir}
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = root
[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:s3api]
use = egg:swift#s3api
location = {region}
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memory}
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


def why_not():
    """Why it cannot be started, or nothing."""
    return missing(PROGRAMS, "swift-proxy swift-account swift-container swift-object "
                   "memcached")


class Swift(S3Server):
    def __init__(self, place):
        self.dir, self.port = pathlib.Path(place), free_port()
        self.endpoint, self.region = f"http://127.0.0.1:{self.port}", "us-east-1"
        self.access_key_id, self.secret = "test:tester", "swift-secret-canary-0123456789"
        super().__init__()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self):
        (self.dir / "devices" / "d1").mkdir(parents=True)
        for kind in KINDS:
            port = free_port()
            builder = str(self.dir / f"{kind}.builder")
            for words in (("create", "4", "1", "0"),
                          ("add", "--region", "1", "--zone", "1", "--ip", "127.0.0.1", "--port",
                           str(port), "--device", "d1", "--weight", "1"), ("rebalance",)):
                subprocess.run(["swift-ring-builder", builder, *words], check=True,
                               capture_output=True, cwd=self.dir, timeout=60)
            self._serve(kind, STORAGE.format(dir=self.dir, port=port, kind=kind))
        memory = free_port()
        self._spawn("memcached", "-u", "root", "-l", "127.0.0.1", "-p", str(memory))
        self._serve("proxy", PROXY.format(dir=self.dir, port=self.port, secret=self.secret,
                                          region=self.region, memory=memory))
        self.until(self.answers)

    def _serve(self, kind, text):
        conf = self.dir / f"{kind}-server.conf"
        conf.write_text(text)
        self._spawn(f"swift-{kind}-server", str(conf))

    def _spawn(self, *command):
        self.spawn(command, self.dir / f"{command[0]}.log", {**os.environ, "HOME": str(self.dir)})
