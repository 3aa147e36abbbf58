#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The bundled origin: every host of a test site, on loopback. Used by the tests in process, and
by the demo as a program:

    origin.py --site demo --dir DIR [--tls] [--latency-ms N] [--ready-file F]
"""
import argparse
import http.server
import importlib
import json
import os
import pathlib
import secrets
import signal
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import certificates  # noqa: E402
import expected  # noqa: E402
import settings  # noqa: E402
from faults import Fault, FaultTable, gzip_bomb  # noqa: E402
from origin_server import Listener, RequestLog  # noqa: E402

SITES = ("demo", "escapes", "hostile", "overlap")
sys.setswitchinterval(0.0005)  # arrival times are measured: threads must not wait for each other


class Origin:
    """Serves a site: one loopback address a host, every port free. Attributes: log, faults,
    site, latency (seconds before each answer), connect_to, ca_file."""

    def __init__(self, site, directory, tls=False, log_file=None):
        self.site, self.directory = site, pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.log, self.faults = RequestLog(log_file), FaultTable(site.faults)
        self.latency, self.stopping = 0.0, threading.Event()
        self.ca_file, context = None, None
        if tls:
            self.ca_file, leaf, key = certificates.make_certificates(
                self.directory, sorted(site.hosts))
            context = certificates.server_context(leaf, key)
        port = 443 if tls else 80
        self._listeners, self.connect_to = [], {}
        for n, host in enumerate(sorted(site.hosts)):
            listener = Listener((f"127.0.0.{10 + n}", 0), self, context).start()
            self._listeners.append(listener)
            self.connect_to[f"{host}:{port}"] = "%s:%d" % listener.server_address
        admin = Listener(("127.0.0.1", 0), self, None, AdminHandler).start()
        self._listeners.append(admin)
        self.admin = "http://%s:%d" % admin.server_address

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def config(self, data_dir, **options):
        """The text of a vinny.toml for this origin; see settings.render."""
        return settings.render(self.site, self.connect_to, data_dir, self.ca_file, **options)

    def warm(self):
        """Makes pictures and bombs before they are asked for, so that no answer waits for them."""
        for host in self.site.hosts.values():
            for resource in host.resources.values():
                resource.content()
            for event in self.site.events if host.dynamic else ():
                path = event.picture.url.partition(host.name)[2] if event.picture else ""
                for width in ("500SC0", "900SC0", "1500SC0"):
                    resource = host.find(_resized(path, width)) if path else None
                    if resource:
                        resource.content()
        for fault in self.site.faults:
            if fault.bomb_bytes:
                gzip_bomb(fault.bomb_bytes)

    def stop(self):
        self.stopping.set()
        for listener in self._listeners:
            listener.stop()
        self.log.close()


def _resized(path, width):
    parts = path.split("/")
    return "/".join([*parts[:-2], width, parts[-1]])


class AdminHandler(http.server.BaseHTTPRequestHandler):
    """GET /__log, /__expected; POST /__fault (a Fault as JSON), /__clear (faults),
    /__clear_log, /__latency ({"ms": N}), /__touch ({"host", "path"})."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        origin = self.server.origin
        if self.path.startswith("/__log"):
            return self.reply(200, origin.log.entries())
        if self.path == "/__expected":
            return self.reply(200, outcome(origin.site))
        return self.reply(404, {"error": "not found"})

    def do_POST(self):
        origin = self.server.origin
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw or b"{}")
            if self.path == "/__fault":
                origin.faults.add(Fault.from_json(body))
            elif self.path == "/__clear":
                origin.faults.clear()
            elif self.path == "/__clear_log":
                origin.log.clear()
            elif self.path == "/__latency":
                origin.latency = body["ms"] / 1000
            elif self.path == "/__touch":
                origin.site.touch(body["host"], body["path"])
            else:
                return self.reply(404, {"error": "not found"})
        except (KeyError, TypeError, ValueError) as problem:
            return self.reply(400, {"error": str(problem)})
        return self.reply(200, {"ok": True})

    def reply(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def setup(self):
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self):
        self.server.connections.discard(self.connection)
        super().finish()

    def log_message(self, *_):
        pass


def outcome(site):
    """The expected rows and files as plain JSON values; a choice becomes {"any_of": [...]}."""
    def plain(value):
        return {"any_of": sorted(value)} if isinstance(value, expected.AnyOf) else value
    rows = {table: [{k: plain(v) for k, v in row.items()} for row in rows]
            for table, rows in expected.expected_rows(site).items()}
    return {"rows": rows, "files": expected.expected_files(site)}


def make_site(name, scheme="http"):
    return importlib.import_module(name + "_site").make(scheme)


def _write_whole(path, text):
    """By a temporary name, so that a waiting script never reads half of it."""
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.rename(path)


def main():
    parser = argparse.ArgumentParser(description="serve a test site on loopback")
    parser.add_argument("--site", choices=SITES, default="demo")
    parser.add_argument("--dir", type=pathlib.Path, help="logs, certificates, vinny.toml, data")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--latency-ms", type=int, default=0)
    parser.add_argument("--ready-file", type=pathlib.Path)
    parser.add_argument("--data-dir", type=pathlib.Path, help="default: DIR/data")
    parser.add_argument("--socket", type=pathlib.Path, help="control socket in vinny.toml")
    parser.add_argument("--listen", default="", help="control address in vinny.toml")
    options = parser.parse_args()

    folder = (options.dir or pathlib.Path(tempfile.mkdtemp(prefix="vinny-origin-"))).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "requests.jsonl"
    log.unlink(missing_ok=True)
    site = make_site(options.site, "https" if options.tls else "http")
    origin = Origin(site, folder, options.tls, log)
    origin.latency = options.latency_ms / 1000
    origin.warm()
    token = folder / "token"
    if options.listen and not token.exists():
        token.touch(mode=0o600)
        token.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    config = folder / "vinny.toml"
    config.write_text(origin.config(
        (options.data_dir or folder / "data").absolute(),
        socket=(options.socket or folder / "vinnyd.sock").absolute(), listen=options.listen,
        token_file=token), encoding="utf-8")
    _write_whole(folder / "expected.json", json.dumps(outcome(site), indent=1))
    ready = {"site": site.name, "scheme": site.scheme, "admin": origin.admin,
             "hosts": sorted(site.hosts), "connect_to": origin.connect_to,
             "ca_file": str(origin.ca_file) if origin.ca_file else None, "config": str(config),
             "expected": str(folder / "expected.json"), "log": str(log), "pid": os.getpid(),
             "token_file": str(token) if options.listen else None}
    if options.ready_file:
        _write_whole(options.ready_file, json.dumps(ready, indent=1))
    else:
        print(json.dumps(ready, indent=1), flush=True)
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    done.wait()
    origin.stop()


if __name__ == "__main__":
    main()
