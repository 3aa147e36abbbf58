# SPDX-License-Identifier: MIT
"""D1's own local engine behind the shape of its REST interface, and what a test asks it.

The packages are those of emulator.py; `missing()` tells what is not there; tests skip with it."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import emulator

TOKEN, ACCOUNT, DATABASE = "d1-test-token-71f3", "acct1", "db1"
TABLES = {"artists": "id", "events": "id", "event_artists": "event_id, artist_id",
          "images": "artist_id, venue_tag, size", "table_tiers": "event_id, tier"}


def missing():
    """Why the engine cannot run here; empty: it can."""
    return emulator.why_not() or ""


def search_path():
    """$PATH with this node and its wrangler first."""
    return f"{emulator.folder() / 'node_modules/.bin'}:{emulator.node().parent}:/usr/bin:/bin"


class D1:
    """A running engine. Attribute: api_url. `chaos`: {"every429": n, "every503": n}."""

    def __init__(self, chaos=None, databases=(DATABASE,)):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vinny-d1-"))
        self.databases, self.running = databases, None
        self.start(chaos)

    def start(self, chaos=None):
        self.running = emulator.Emulator(self.folder, databases=self.databases, faults=chaos,
                                         token=TOKEN, account=ACCOUNT)
        self.api_url = self.running.api

    def stop(self):
        self.running.stop()

    def restart(self, chaos=None):
        self.stop()
        self.start(chaos)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def settings(self, **more):
        """The section [d1] of a vinny.toml."""
        return {"account_id": ACCOUNT, "database_id": DATABASE, "database_name": DATABASE,
                "api_url": self.api_url, "api_token": TOKEN, **more}

    def query(self, sql, database=DATABASE):
        """Rows of one statement, as dicts."""
        asked = urllib.request.Request(
            f"{self.api_url}/accounts/{ACCOUNT}/d1/database/{database}/query",
            data=json.dumps({"sql": sql}).encode(),
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
        for _ in range(20):
            try:
                with urllib.request.urlopen(asked, timeout=60) as answer:
                    return json.load(answer)["result"][0]["results"]
            except urllib.error.HTTPError as refused:
                if refused.code not in (429, 503):
                    raise RuntimeError(refused.read().decode()) from None
                time.sleep(0.05)
        raise RuntimeError("D1 asks to slow down for ever")

    def by_wrangler(self, sql):
        """The same rows as another client reads them: wrangler, by the same REST address."""
        folder = self.folder / "wrangler"
        folder.mkdir(exist_ok=True)
        (folder / "wrangler.toml").write_text(
            'name = "t"\ncompatibility_date = "2025-01-01"\nsend_metrics = false\n'
            f'[[d1_databases]]\nbinding = "DB"\ndatabase_name = "{DATABASE}"\n'
            f'database_id = "{DATABASE}"\n')
        done = subprocess.run(
            ["wrangler", "d1", "execute", DATABASE, "--remote", "--json", "--command", sql],
            cwd=folder, capture_output=True, text=True, timeout=180, check=False,
            env={"PATH": search_path(), "HOME": str(folder), "CI": "1",
                 "WRANGLER_SEND_METRICS": "false", "CLOUDFLARE_API_BASE_URL": self.api_url,
                 "CLOUDFLARE_API_TOKEN": TOKEN, "CLOUDFLARE_ACCOUNT_ID": ACCOUNT})
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)
        return json.loads(done.stdout)[0]["results"]

    def rows(self):
        """Table -> rows in key order, times left out: what compare.rows() tells of a file."""
        times = ("scraped_at", "created_at", "updated_at")
        return {table: [{k: (None if v == "" else v) for k, v in row.items() if k not in times}
                        for row in self.query(f"SELECT * FROM {table} ORDER BY {key}")]
                for table, key in TABLES.items()}
