# SPDX-License-Identifier: MIT
"""A proxy that reads requests and spoils some of them: between a client and a real server on
loopback. It keeps a list of what was asked, so that a test can count at the server's door.

Faults, each with its chance a request (0…1): `reset` (in the middle of the request's body),
`lost` (the server has done it; the answer is never told), `truncate` (half of the answer),
`refuse` (503, the server is not asked), `tamper` (one byte of the body is another one), and
`latency` (seconds, always)."""
import asyncio
import contextlib
import random
import socket
import struct
import threading
from dataclasses import dataclass

SLOW_DOWN = (b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n")
SLOW_BODY = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"


@dataclass
class Asked:
    method: str
    path: str
    fault: str  # or nothing
    status: int = 0  # of the server's answer; 0: it was not asked, or did not answer


class FaultProxy:
    """Attributes: port, asked (a list of Asked), chances, first (faults of the next requests, in
    order). Change the last two at any time."""

    def __init__(self, upstream_port, seed=1, **chances):
        self.upstream, self.chances, self.asked, self.first = upstream_port, chances, [], []
        self._chance, self._ready = random.Random(seed), threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def counts(self):
        """Fault -> how many; "" is none."""
        out = {}
        for one in self.asked:
            out[one.fault] = out.get(one.fault, 0) + 1
        return out

    def methods(self):
        """Method -> how many requests."""
        out = {}
        for one in self.asked:
            out[one.method] = out.get(one.method, 0) + 1
        return out

    def _serve(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._client, "127.0.0.1", 0, limit=1 << 20))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        left = asyncio.all_tasks(self._loop)
        for one in left:
            one.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    def _draw(self):
        if self.first:
            return self.first.pop(0)
        at = self._chance.random()
        for name in ("reset", "lost", "truncate", "refuse", "tamper"):
            share = self.chances.get(name, 0)
            if at < share:
                return name
            at -= share
        return ""

    async def _client(self, reader, writer):
        upstream = None
        try:
            upstream = await asyncio.open_connection("127.0.0.1", self.upstream, limit=1 << 20)
            while await self._exchange(reader, writer, *upstream):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            for end in (writer, upstream[1] if upstream else None):
                if end is not None:
                    end.close()

    async def _exchange(self, reader, writer, up_reader, up_writer):
        """One request and its answer; true: the connection goes on."""
        head, body = await _message(reader)
        method, path, _ = head.split(b" ", 2)
        entry = Asked(method.decode(), path.decode(), self._draw())
        self.asked.append(entry)
        if self.chances.get("latency"):
            await asyncio.sleep(self.chances["latency"])
        if entry.fault == "reset":
            up_writer.write(head + body[:len(body) // 2])
            await up_writer.drain()
            up_writer.transport.abort()
            return _reset(writer)
        if entry.fault == "refuse":
            writer.write(SLOW_DOWN % len(SLOW_BODY) + SLOW_BODY)
            await writer.drain()
            return True
        if entry.fault == "tamper" and body:
            middle = len(body) // 2
            body = body[:middle] + bytes([body[middle] ^ 0x55]) + body[middle + 1:]
        up_writer.write(head + body)
        await up_writer.drain()
        answer, content = await _message(up_reader, method)
        entry.status = int(answer.split(b" ", 2)[1])
        if entry.fault == "lost":
            return _reset(writer)
        whole = answer + content
        if entry.fault == "truncate":
            writer.write(whole[:len(whole) // 2])
            await writer.drain()
            return False
        writer.write(whole)
        await writer.drain()
        return b"connection: close" not in answer.lower()


def _reset(writer):
    end = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False


async def _message(reader, asked_by=None):
    """(head, body) as they came, whatever way the body's end is told."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 1"):
            break
    fields = {k.strip().lower(): v.strip() for k, _, v in
              (line.partition(b":") for line in head.split(b"\r\n")[1:])}
    if asked_by == b"HEAD" or head.startswith((b"HTTP/1.1 204", b"HTTP/1.1 304")):
        return head, b""
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        body = b""
        while True:
            size = await reader.readuntil(b"\r\n")
            length = int(size.split(b";")[0], 16)
            body += size + await reader.readexactly(length + 2)
            if length == 0:
                return head, body
    if b"content-length" in fields:
        return head, await reader.readexactly(int(fields[b"content-length"]))
    return head, b"" if asked_by is None else await reader.read()
