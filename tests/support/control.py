# SPDX-License-Identifier: MIT
"""A client of the control endpoint, over the unix socket or TCP, with server-sent events."""
import http.client
import json
import socket
from dataclasses import dataclass


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


@dataclass
class Answer:
    status: int
    headers: dict  # names in lower case
    body: bytes

    def json(self):
        return json.loads(self.body)


@dataclass
class ServerEvent:
    id: str
    kind: str
    data: dict


class Control:
    """`where`: the path of a unix socket, or (host, port)."""

    def __init__(self, where, timeout=15.0, token=None):
        self.where, self.timeout, self.token = where, timeout, token

    def _connect(self, timeout=None):
        timeout = timeout or self.timeout
        if isinstance(self.where, tuple):
            return http.client.HTTPConnection(*self.where, timeout=timeout)
        return _UnixConnection(self.where, timeout)

    def request(self, method, path, document=None, headers=None, body=None):
        """One request on a connection of its own. Headers given win over the usual ones; a
        value of None leaves one out."""
        sent = {"Accept": "application/json"}
        if document is not None:
            body = json.dumps(document).encode()
            sent["Content-Type"] = "application/json"
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        sent.update(headers or {})
        connection = self._connect()
        try:
            connection.putrequest(method, path, skip_host="Host" in sent,
                                  skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None or method in ("POST", "PUT"):
                connection.putheader("Content-Length", str(len(body or b"")))
            connection.endheaders(body)
            response = connection.getresponse()
            found = {k.lower(): v for k, v in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def post_run(self, **parameters):
        return self.request("POST", "/v1/runs",
                            {"pipeline": "sync", "local": True, **parameters})

    def run(self, run_id):
        return self.get(f"/v1/runs/{run_id}").json()

    def metric(self, name):
        """The value of a metric without labels, or None."""
        for line in self.get("/metrics").body.decode().splitlines():
            if line.split(" ")[0] == name:
                return float(line.split(" ")[1])
        return None

    def events(self, run_id, last_event_id=None, timeout=None):
        """The events of a run as they come, until the server ends the stream or `finished`."""
        headers = {"Accept": "text/event-stream"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if last_event_id is not None:
            headers["Last-Event-ID"] = str(last_event_id)
        connection = self._connect(timeout)
        try:
            connection.request("GET", f"/v1/runs/{run_id}/events", headers=headers)
            response = connection.getresponse()
            if response.status != 200:
                raise RuntimeError(f"events: {response.status} {response.read()[:300]!r}")
            kind = response.getheader("Content-Type", "")
            if not kind.startswith("text/event-stream"):
                raise RuntimeError(f"events: Content-Type is {kind!r}")
            yield from _parse(response)
        finally:
            connection.close()


def _parse(response):
    fields = {"id": "", "event": "message", "data": []}
    while True:
        raw = response.readline()
        if not raw:
            return
        line = raw.decode().rstrip("\r\n")
        if not line:
            if fields["data"]:
                event = ServerEvent(fields["id"], fields["event"],
                                    json.loads("\n".join(fields["data"])))
                yield event
                if event.kind == "finished":
                    return
            fields.update(event="message", data=[])
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            fields["data"].append(value)
        elif name in ("id", "event"):
            fields[name] = value
