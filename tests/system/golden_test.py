# SPDX-License-Identifier: MIT
"""What scripts outside rely on, byte for byte: run documents and their events, the JSON of every
`--json`, `config show`, metric names, the catalog's schema, `--help` of every verb. Moments, ids,
sizes of memory and speeds are left out.

VINNY_GOLDEN=write writes the files anew; a change of them is a change of a contract."""
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import unittest

from cases import SystemTest
import daemon
import pictures
from lookup_service import LookupService

FILES = pathlib.Path(__file__).with_name("golden")
VERBS = {
    "": "sync scrape images export-d1 specimens captures verify library hosts status runs explain doctor "
        "config logs",
    "images ": "download retry upload-r2", "specimens ": "ingest download status check retry",
    "captures ": "add sync list", "library ": "import backfill artist-names index search",
    "hosts ": "list release set", "config ": "check show"}
GONE = "http://www.escapes.example/gone.jpg"  # its host has pages, and no such picture
RUNS = (
    *({"pipeline": "sync", "steps": [step], "local": True}
      for step in ("scrape", "images", "upload", "publish")),
    {"pipeline": "sync", "local": True, "full": True},
    {"pipeline": "verify"},
    {"pipeline": "specimens-ingest", "list": "list.txt"}, {"pipeline": "specimens-download"},
    {"pipeline": "captures-sync", "collections": ["moths"]},
    {"pipeline": "library-import", "files": ["rows.csv", "artists.csv"]},
    {"pipeline": "library-backfill"}, {"pipeline": "library-artist-names"})


def constant(text, places):
    """Without what differs from one run of the test to the next."""
    for path, name in sorted(places.items(), key=lambda one: -len(one[0])):
        text = text.replace(path, name)
    text = re.sub(r"\b[0-9A-HJKMNP-TV-Z]{26}\b", "ID", text)
    text = re.sub(r"\b[0-9a-hjkmnp-tv-z]{26}\b", "id", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "MOMENT", text)
    text = re.sub(r"\b20\d\d-\d\d-\d\d\b", "DATE", text)
    text = re.sub(r"127\.0\.0\.\d+:\d+", "ADDRESS", text)
    return re.sub(r'("(?:seconds|eta_s|[a-z_]*per_second|rate|elapsed_ms|uptime_s|pid|duration_ms|'
                  r'bytes|free_bytes|rss_bytes)":)[0-9.e+-]+', r"\1N", text)


class Golden(SystemTest):

    def hold(self, name, text):
        file = FILES / name
        text = text.rstrip("\n") + "\n"
        if os.environ.get("VINNY_GOLDEN") == "write":
            FILES.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
            return
        self.assertEqual(file.read_text(encoding="utf-8"), text, name)

    def setUp(self):
        self.service = LookupService()
        self.addCleanup(self.service.stop)
        self.origin, self.place = self.serve("escapes", politeness={"delay_ms": 0})
        moths = self.place.root / "moths"
        moths.mkdir()
        (moths / "moth.jpg").write_bytes(pictures.jpeg("moth", 400, 300))
        self.place.config.write_text(
            self.place.config.read_text() + f"""
[library]
lookup_url = "{self.service.url}"
throttle_ms = 0
[captures.collection.moths]
source = "{moths}"
[specimens]
longest_edge = 0
""")
        self.write("list.txt", f"gbifID\tidentifier\n1001\thttp://img.escapes.example/a.jpg\n"
                               f"1002\t{GONE}\n")
        self.write("rows.csv", "id,artist_id,album_title,artwork_url\n1,1,One,\n2,2,Two,\n")
        self.write("artists.csv", "id,artist_name,discogs_artist_id\n1,Ana,1001\n2,Bo,1002\n")
        self.places = {str(self.place.root): "PLACE", str(self.origin.directory): "ORIGIN",
                       self.service.url: "SERVICE"}

    def write(self, name, text):
        (self.place.root / name).write_text(text, encoding="utf-8")

    def constant(self, text):
        return constant(text, self.places)

    def run_wanted(self, control, wanted):
        wanted = {key: [str(self.place.root / file) for file in value] if key == "files" else
                  str(self.place.root / value) if key == "list" else value
                  for key, value in wanted.items()}
        answer = control.request("POST", "/v1/runs", wanted)
        self.assertEqual(202, answer.status, answer.body)
        started = answer.json()["id"]
        events = list(control.events(started))
        return answer, started, events

    def test_runs(self):
        running = self.start_daemon(self.place)
        control, out = running.control, []
        for wanted in RUNS:
            answer, started, events = self.run_wanted(control, wanted)
            out += [f"== {json.dumps(wanted)}", answer.body.decode(),
                    control.get(f"/v1/runs/{started}").body.decode()]
            for kind in ("progress", "finished"):
                last = [one for one in events if one.kind == kind][-1:]
                out += [f"-- {kind}", *(json.dumps(one.data) for one in last)]
        self.hold("runs.txt", self.constant("\n".join(out)))
        documents = ["/v1/status", "/v1/runs?limit=3", "/v1/hosts", "/v1/captures", "/livez",
                     "/readyz?verbose"]
        self.hold("documents.txt", self.constant("\n".join(
            f"== {path}\n{control.get(path).body.decode()}" for path in documents)))
        metrics = control.get("/metrics").body.decode().splitlines()
        names = [line if line.startswith("#") else
                 re.sub(r',?le="[^"]*"|[^ ]+$', "", re.sub(r'reason="[a-z_]*"', "reason", line))
                 for line in metrics if not line.startswith("# EOF")]
        self.hold("metrics.txt", "\n".join(dict.fromkeys(names)))
        running.stop()
        self.hold("schema.txt", "\n".join(self.schema()))
        commands = ["status", "runs", "hosts list", "specimens status", "specimens retry --dry-run",
                    "images retry --dry-run", "captures list", "library search one", "sync --dry-run",
                    "explain act-00001", "config check", "config show"]
        self.hold("json.txt", self.constant("\n".join(
            f"== {line}\n{self.place.vinny(*line.split(), '--json').out}" for line in commands)))

    def schema(self):
        with sqlite3.connect(self.place.data / "vinny.db") as catalog:
            rows = catalog.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name")
            out = [f"{kind} {name}\n{sql}" for kind, name, sql in rows]
        catalog.close()
        return out

    def test_configuration(self):
        plain = self.place.root / "plain.toml"
        plain.write_text('contact = "you@example.org"\n')
        shown = subprocess.run([daemon.binary("vinny"), "--config", plain, "config", "show"],
                               env=self.place.environment(), capture_output=True, text=True)
        self.hold("config_show.txt", self.constant(shown.stdout))

    def test_help(self):
        verbs = [group + verb for group, names in VERBS.items() for verb in names.split()]
        out = []
        for verb in ["", *verbs]:
            shown = subprocess.run([daemon.binary("vinny"), *verb.split(), "--help"],
                                   env=self.place.environment(), capture_output=True, text=True)
            self.assertEqual(0, shown.returncode, verb)
            out.append(f"== vinny {verb}\n{shown.stdout}")
        self.hold("help.txt", "\n".join(out))


if __name__ == "__main__":
    unittest.main()
