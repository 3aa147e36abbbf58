# SPDX-License-Identifier: MIT
"""A service on loopback that takes Sentry's envelopes.

    service = SentryService()
    service.events           # the events, as they came
    service.headers          # of the last request
    service.status = 429     # from now on
    service.delay = 5        # seconds before each answer
"""
import http.server
import json
import threading
import time


class SentryService:

    def __init__(self):
        self.events, self.headers, self.paths = [], {}, []
        self.status, self.delay = 200, 0
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(owner.delay)
                owner.headers = {k.lower(): v for k, v in self.headers.items()}
                owner.paths.append(self.path)
                if owner.status == 200:
                    head, item, event = body.decode().rstrip("\n").split("\n")
                    assert json.loads(item) == {"type": "event", "length": len(event.encode())}
                    event = json.loads(event)
                    assert json.loads(head)["event_id"] == event["event_id"]
                    owner.events.append(event)
                answer = b"{}"
                self.send_response(owner.status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def dsn(self):
        return f"http://public-key@127.0.0.1:{self.server.server_port}/path/42"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
