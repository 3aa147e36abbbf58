# SPDX-License-Identifier: MIT
"""Herbaria on loopback: one server for all hosts, by the Host header. `site[host][path]` is
(status, content type, body, headers); what is asked is kept."""
import http.server
import threading
import time


class Herbaria:
    """Attributes: port, site, asked (host, path, time)."""

    def __init__(self):
        self.site, self.asked = {}, []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                host = self.headers["Host"]
                owner.asked.append((host, self.path, time.monotonic()))
                found = owner.site.get(host, {}).get(self.path)
                status, kind, body, headers = found or (404, "text/plain", b"not found", {})
                self.send_response(status)
                self.send_header("Content-Type", kind)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                if "Content-Length" in headers:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # clients that leave are the point of some tests
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, host, path, body, kind="image/jpeg", status=200, **headers):
        self.site.setdefault(host, {})[path] = (
            status, kind, body, {k.replace("_", "-"): v for k, v in headers.items()})
        return f"http://{host}{path}"

    def images_asked(self):
        return [(host, path) for host, path, _ in self.asked if path != "/robots.txt"]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def config(self, data, socket, **tables):
        """vinny.toml in which every host of the site is here."""
        names = ", ".join(f'"{host}:80" = "127.0.0.1:{self.port}"' for host in sorted(self.site))
        text = f'data_dir = "{data}"\n[control]\nsocket = "{socket}"\n'
        text += f"[http]\nconcurrency = 16\nconnect_to = {{ {names} }}\n"
        for table, values in {"politeness": {"delay_ms": 0, "concurrency": 4}, **tables}.items():
            text += f"[{table}]\n" + "".join(
                f"{key} = {str(value).lower() if not isinstance(value, str) else repr(value)}\n"
                for key, value in values.items())
        return text
