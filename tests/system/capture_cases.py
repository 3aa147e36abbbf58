# SPDX-License-Identifier: MIT
"""What tests of captures have in common: sources on loopback, a daemon, and its answers."""
import io
import sqlite3

from PIL import Image

from cases import SystemTest  # first: it knows where the supports are
import daemon
import pictures
from control import Control
from specimen_hosts import Herbaria

STORE = "https://img.example.org"


def jpeg(name, width=1600, height=1200):
    return pictures.jpeg(name, width, height)


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


class CaptureTest(SystemTest):

    def setUp(self):
        self.hosts = Herbaria()
        self.addCleanup(self.hosts.stop)
        for host in ("a.example", "rest.example"):
            self.hosts.site[host] = {}

    def begin(self, more="", http="", control=""):
        """`more` is TOML; `http` and `control` are lines of those tables."""
        self.place = daemon.Workplace(self.hosts)
        self.addCleanup(self.place.remove)
        names = ", ".join(f'"{h}:80" = "127.0.0.1:{self.hosts.port}"' for h in self.hosts.site)
        self.settings = f"""data_dir = "{self.place.data}"
[control]
socket = "{self.place.socket}"
{control}
[http]
concurrency = 16
connect_to = {{ {names} }}
{http}
[politeness]
delay_ms = 0
concurrency = 8
breaker_failures = 1000
[store]
public_url = "{STORE}"
"""
        self.configure(more)

    def configure(self, more):
        self.place.config.write_text(self.settings + more, encoding="utf-8")

    def serve(self, more="", **tables):
        self.begin(more, **tables)
        self.daemon = self.start_daemon(self.place)
        self.control = Control(self.place.socket, timeout=90 * daemon.SLOW)

    def add(self, url, collection=None):
        document = {"url": url, **({"collection": collection} if collection else {})}
        answer = self.control.request("POST", "/v1/captures", document)
        self.assertIn(answer.status, (200, 201), answer.body)
        return answer.json()

    def upload(self, body, collection="main"):
        return self.control.request("POST", f"/v1/captures?collection={collection}", body=body,
                                    headers={"Content-Type": "image/jpeg"})

    def thumbnail(self, number, label=None, **headers):
        query = "" if label is None else f"?label={label}"
        return self.control.get(f"/v1/captures/thumbnails/{number}{query}", **headers)

    def key(self, answer):
        self.assertEqual(302, answer.status, answer.body)
        self.assertTrue(answer.headers["location"].startswith(STORE + "/"), answer.headers)
        return answer.headers["location"][len(STORE) + 1:]

    def stored(self, key):
        return (self.place.data / "public" / key).read_bytes()

    def objects(self, folder="thumbnails"):
        root = self.place.data / "public" / folder
        return sorted(str(p.relative_to(self.place.data / "public")) for p in root.rglob("*.jpg"))

    def query(self, sql, *values):
        with sqlite3.connect(self.place.data / "vinny.db", timeout=30) as db:
            return db.execute(sql, values).fetchall()

    def list(self, query=""):
        answer = self.control.get("/v1/captures" + query)
        self.assertEqual(200, answer.status, answer.body)
        return answer.json()

    def asked(self):
        return len(self.hosts.images_asked())
