# SPDX-License-Identifier: MIT
"""What the system tests have in common: an origin with a site, and a workplace for the binaries."""
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import daemon  # noqa: E402
import origin  # noqa: E402

QUICK = {"politeness": {"delay_ms": 20}}  # where the pace is not what is tested


class SystemTest(unittest.TestCase):
    """`serve()` gives an origin and a workplace that end with the test."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        daemon.binary("vinny"), daemon.binary("vinnyd")

    def serve(self, name="demo", tls=False, **overrides):
        site = origin.make_site(name, "https" if tls else "http")
        served = origin.Origin(site, self.folder("origin"), tls)
        self.addCleanup(served.stop)
        served.warm()
        place = daemon.Workplace(served, **overrides)
        self.addCleanup(place.remove)
        return served, place

    def folder(self, name):
        path = tempfile.mkdtemp(prefix=f"vinny-{name}-")
        self.addCleanup(shutil.rmtree, path, True)
        return pathlib.Path(path)

    def start_daemon(self, place, **options):
        running = daemon.Daemon(place, **options)
        self.addCleanup(running.__exit__)
        return running

    def assert_code(self, wanted, outcome):
        self.assertEqual(wanted, outcome.code, str(outcome))
        return outcome


def is_image_host(site, host):
    """True for hosts that have pictures and are no venue's site."""
    return host in site.hosts and host not in site.page_hosts()


def image_requests(site, entries):
    return [e for e in entries if e["path"] != "/robots.txt" and (
        is_image_host(site, e["host"]) or e["path"].startswith("/media/"))]
