# SPDX-License-Identifier: MIT
"""The threaded HTTP/1.1 server of the origin, and the log of what it was asked."""
import gzip
import http.server
import json
import os
import socket
import socketserver
import struct
import threading
import time

from faults import gzip_bomb
from site_model import Resource, etag_of

NOT_FOUND = Resource(b"not found\n", "text/plain", status=404, validators=False)
MISDIRECTED = Resource(b"no such host here\n", "text/plain", status=421, validators=False)


class RequestLog:
    """Every request, in memory and as JSON lines. Times are seconds of the monotonic clock."""

    def __init__(self, path=None):
        self._lock = threading.Lock()
        self._entries = []
        self._in_flight = 0
        self._file = open(path, "a", encoding="utf-8") if path else None

    def begin(self, started, host, method, target, headers):
        with self._lock:
            self._in_flight += 1
            entry = {"start": started, "host": host, "method": method, "path": target,
                     "headers": headers, "in_flight": self._in_flight, "status": None,
                     "finish": None}
            self._entries.append(entry)
        return entry

    def finish(self, entry, status):
        """Called just before the last byte goes out: what the client does then is not counted
        as in flight with this one."""
        with self._lock:
            if entry["finish"] is not None:
                return
            entry["status"], entry["finish"] = status, time.monotonic()
            self._in_flight -= 1
            if self._file:
                self._file.write(json.dumps(entry) + "\n")
                self._file.flush()

    def entries(self):
        with self._lock:
            return [dict(e) for e in self._entries]

    def clear(self):
        with self._lock:
            self._entries = []

    def close(self):
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 75
    wbufsize = -1  # head and body in one segment

    def setup(self):
        context = self.server.tls_context
        if context:
            self.request.settimeout(20)
            self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self):
        self.server.connections.discard(self.connection)
        try:
            super().finish()
        except OSError:
            pass
        if self.server.tls_context:
            self.request.close()

    def parse_request(self):
        self.started = time.monotonic()
        return super().parse_request()

    def do_GET(self):
        host = (self.headers.get("Host") or "").split(":")[0].lower()
        origin = self.server.origin
        entry = origin.log.begin(self.started, host, self.command, self.path, dict(self.headers))
        self.entry, status = entry, 0
        try:
            status = self.answer(origin, host)
        except OSError:
            self.close_connection = True
        finally:
            origin.log.finish(entry, status)

    do_HEAD = do_GET

    def answer(self, origin, host):
        if origin.latency:
            time.sleep(origin.latency)
        served = origin.site.hosts.get(host)
        resource = (served.find(self.path) or NOT_FOUND) if served else MISDIRECTED
        fault = origin.faults.take(host, self.path)
        if fault:
            return self.spoil(origin, resource, fault)
        return self.send(resource, served)

    def spoil(self, origin, resource, fault):
        """Answers as the fault says; parts that it leaves alone are as ever."""
        if fault.delay_s:
            time.sleep(fault.delay_s)
        if fault.hang_s:
            origin.stopping.wait(fault.hang_s)
            self.close_connection = True
            return 0
        if fault.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       struct.pack("ii", 1, 0))
            os.close(self.connection.detach())  # at once, and without a FIN before the RST
            self.close_connection = True
            return 0
        kind = fault.content_type or resource.content_type
        if fault.endless is not None:
            return self.send_endless(fault.endless.encode(), kind, origin)
        if fault.bomb_bytes:
            return self.write(200, {"Content-Type": kind, "Content-Encoding": "gzip"},
                              gzip_bomb(fault.bomb_bytes), fault)
        extra = {}
        if fault.retry_after is not None:
            extra["Retry-After"] = fault.retry_after
        if fault.redirect is not None:
            extra["Location"] = fault.redirect.replace("{n}", str(fault.used))
            return self.write(302, {"Content-Type": "text/plain", **extra}, b"moved\n", fault)
        if fault.status:
            return self.write(fault.status, {"Content-Type": "text/plain", **extra},
                              f"fault {fault.status}\n".encode(), fault)
        return self.write(resource.status, {"Content-Type": kind, **resource.headers, **extra},
                          resource.content(), fault)

    def send(self, resource, host):
        body = resource.content()
        headers = {"Content-Type": resource.content_type, **resource.headers}
        if resource.validators and resource.status == 200:
            headers["ETag"], headers["Last-Modified"] = etag_of(body), host.last_modified
            asked = self.headers.get("If-None-Match")
            since = self.headers.get("If-Modified-Since")
            if asked is not None:
                fresh = headers["ETag"] in [t.strip() for t in asked.split(",")]
            else:
                fresh = since == host.last_modified and b"<!-- changed -->" not in body
            if fresh:
                return self.write(304, headers, b"")
        if resource.compress and "gzip" in (self.headers.get("Accept-Encoding") or ""):
            headers["Content-Encoding"], headers["Vary"] = "gzip", "Accept-Encoding"
            body = gzip.compress(body, mtime=0)
        return self.write(resource.status, headers, body)

    def write(self, status, headers, body, fault=None):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            body = b""
        if fault and fault.truncate_to is not None:
            body = body[:fault.truncate_to]
            self.close_connection = True
        if fault and fault.drip_s:
            self.wfile.flush()
            for at in range(0, len(body), fault.drip_bytes):
                self.wfile.write(body[at:at + fault.drip_bytes])
                self.wfile.flush()
                time.sleep(fault.drip_s)
            body = b""
        self.server.origin.log.finish(self.entry, status)
        self.wfile.write(body)
        self.wfile.flush()
        return status

    def send_endless(self, unit, kind, origin):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        block = unit * max(1, 65536 // len(unit))
        chunk = b"%x\r\n%s\r\n" % (len(block), block)
        self.close_connection = True
        while not origin.stopping.is_set():
            self.wfile.write(chunk)
        return 200

    def version_string(self):
        return "origin"

    def log_message(self, *_):
        pass


class Listener(socketserver.ThreadingTCPServer):
    """One listening address."""
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address, origin, tls_context=None, handler=Handler):
        self.origin = origin
        self.tls_context = tls_context
        self.connections = set()
        super().__init__(address, handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def start(self):
        self._thread.start()
        return self

    def stop(self):
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def handle_error(self, request, client_address):
        """Clients that go away are part of the tests."""
