# SPDX-License-Identifier: MIT
"""A host whose answers do not end, each in its own way. `WAYS` is name -> generator of pieces, sent as
fast as they are read; a number among them is a pause in seconds. The way is chosen by the Host header
(`<name>.example`); `EndlessHost.ended[name]` is how long the client stayed, from its request on."""
import gzip
import itertools
import socket
import threading
import time
import zlib

BIG = b"x" * 65536
OK = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n"
DRIP = 0.05


def for_ever(*pieces, begin=b""):
    yield begin
    yield from itertools.cycle(pieces)


def slowly(text, begin=b""):
    return for_ever(*itertools.chain.from_iterable((bytes([byte]), DRIP) for byte in text), begin=begin)


def silence(begin=b""):
    return for_ever(3600, begin=begin)


def zeros_in_gzip():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield OK + b"Content-Encoding: gzip\r\n\r\n"
    while True:
        yield packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_SYNC_FLUSH)


def members_of_gzip():
    empty = gzip.compress(b"")
    return for_ever(empty * 3000, begin=OK + b"Content-Encoding: gzip\r\n\r\n")


def numbered(line):
    yield OK
    for i in itertools.count():
        yield b"".join(line % (i * 1000 + j) for j in range(1000))


def redirects():
    yield b"HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n"
    yield from for_ever(BIG)


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
ONE_CHUNK = CHUNKED + b"1\r\nx\r\n"

WAYS = {
    # Before there is a head.
    "silent": lambda: silence(),
    "status-line-endless": lambda: for_ever(BIG, begin=b"HTTP/1.1 200 "),
    "status-line-dripped": lambda: slowly(b"a", begin=b"HTTP/1.1 200 "),
    "garbage": lambda: for_ever(bytes(range(256)).replace(b"\n", b"") * 256),
    "nul": lambda: for_ever(bytes(65536)),
    "line-feeds": lambda: for_ever(b"\n" * 65536),
    "empty-lines": lambda: for_ever(b"\r\n" * 32768),
    "carriage-returns": lambda: for_ever(b"\r" * 65536),
    "spaces": lambda: for_ever(b" " * 65536),
    "http-0.9": lambda: for_ever(b"<html>" + BIG),
    # Interim answers.
    "continue": lambda: for_ever(b"HTTP/1.1 100 Continue\r\n\r\n" * 2000),
    "early-hints": lambda: for_ever(b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" * 1000),
    "continue-dripped": lambda: for_ever(b"HTTP/1.1 100 Continue\r\n\r\n", DRIP),
    "processing-with-long-fields": lambda: for_ever(
        b"HTTP/1.1 102 Processing\r\nX: " + b"y" * 60000 + b"\r\n\r\n"),
    "switching-protocols": lambda: silence(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
    # The head.
    "field-name-endless": lambda: for_ever(BIG, begin=OK),
    "field-value-endless": lambda: for_ever(BIG, begin=OK + b"X: "),
    "fields-endless": lambda: numbered(b"X-%d: y\r\n"),
    "cookies-endless": lambda: numbered(b"Set-Cookie: c%d=1\r\n"),
    "fields-dripped": lambda: for_ever(b"X: y\r\n", DRIP, begin=OK),
    "folded-lines": lambda: for_ever(b" folded\r\n" * 5000, begin=OK + b"X: y\r\n"),
    "head-stops": lambda: silence(OK + b"Content-Le"),
    "location-endless": lambda: for_ever(BIG, begin=b"HTTP/1.1 302 Found\r\nLocation: http://"),
    # Bodies by their length.
    "length-stops": lambda: silence(OK + b"Content-Length: 1000000\r\n\r\nshort"),
    "length-dripped": lambda: slowly(b"x", begin=OK + b"Content-Length: 1000000\r\n\r\n"),
    "length-of-exabytes": lambda: for_ever(BIG, begin=OK + b"Content-Length: 1000000000000000000\r\n\r\n"),
    "length-beyond-numbers": lambda: for_ever(BIG, begin=OK + b"Content-Length: " + b"9" * 60 + b"\r\n\r\n"),
    # Bodies that end with the connection.
    "close-endless": lambda: for_ever(BIG, begin=OK + b"\r\n"),
    "close-dripped": lambda: slowly(b"x", begin=OK + b"\r\n"),
    "jpeg-endless": lambda: for_ever(
        b"\xff\xfe\xff\xff" + b"c" * 65533, begin=OK + b"\r\n\xff\xd8"),
    "no-content-endless": lambda: for_ever(BIG, begin=b"HTTP/1.1 204 No Content\r\n\r\n"),
    # Chunks.
    "chunk-size-endless": lambda: for_ever(b"0" * 65536, begin=CHUNKED),
    "chunk-spaces-endless": lambda: for_ever(b" " * 65536, begin=CHUNKED + b"1"),
    "chunk-extension-endless": lambda: for_ever(BIG, begin=CHUNKED + b"1;"),
    "chunk-extensions": lambda: for_ever(b"1;" + b"e" * 4000 + b"\r\nx\r\n", begin=CHUNKED),
    "chunk-of-exabytes": lambda: for_ever(BIG, begin=CHUNKED + b"7fffffffffffffff\r\n"),
    "chunk-beyond-numbers": lambda: for_ever(BIG, begin=CHUNKED + b"f" * 17 + b"\r\n"),
    "chunks-of-one-byte": lambda: for_ever(b"1\r\nx\r\n" * 10000, begin=CHUNKED),
    "chunks-dripped": lambda: for_ever(b"1\r\nx\r\n", DRIP, begin=CHUNKED),
    "chunks-stop": lambda: silence(ONE_CHUNK),
    "chunk-stops": lambda: silence(CHUNKED + b"ff\r\nshort"),
    "trailers-endless": lambda: for_ever(b"X: y\r\n" * 10000, begin=ONE_CHUNK + b"0\r\n"),
    "trailer-line-endless": lambda: for_ever(BIG, begin=ONE_CHUNK + b"0\r\nX: "),
    "trailers-dripped": lambda: for_ever(b"X: y\r\n", DRIP, begin=ONE_CHUNK + b"0\r\n"),
    # Codings.
    "gzip-of-zeros": zeros_in_gzip,
    "gzip-members": members_of_gzip,
    "gzip-name-endless": lambda: for_ever(
        BIG, begin=OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03"),
    "deflate-of-nothing": lambda: for_ever(
        b"\0\0\0\xff\xff" * 10000, begin=OK + b"Content-Encoding: deflate\r\n\r\n\x78\x9c"),
    # Answers that are none of a picture, with bodies that nobody wants.
    "redirect-endless": redirects,
    "not-found-endless": lambda: for_ever(BIG, begin=b"HTTP/1.1 404 Not Found\r\n\r\n"),
    "unauthorized-endless": lambda: for_ever(BIG, begin=b"HTTP/1.1 401 Unauthorized\r\n\r\n"),
    "error-dripped": lambda: slowly(b"x", begin=b"HTTP/1.1 500 Oops\r\n\r\n"),
    "page-endless": lambda: for_ever(
        b"<p>" + BIG, begin=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"),
}

# By TLS: what the host does instead of a handshake, or in it.
TLS_WAYS = {
    "tls-silent": lambda: silence(),
    "tls-garbage": lambda: for_ever(BIG),
    "tls-records-endless": lambda: for_ever(b"\x16\x03\x03\x40\x00" + bytes(0x4000)),
    "tls-alerts-endless": lambda: for_ever(b"\x15\x03\x03\x00\x02\x01\x00" * 1000),
    "tls-dripped": lambda: slowly(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + bytes(50)),
}


class EndlessHost:
    """Attributes: port, tls_port, ended (name -> seconds), asked (names)."""

    def __init__(self):
        self.ended, self.asked = {}, []
        self._listeners = [socket.create_server(("127.0.0.1", 0), backlog=200) for _ in range(2)]
        self.port, self.tls_port = (one.getsockname()[1] for one in self._listeners)
        for listener, talk in zip(self._listeners, (self._by_host, self._by_name)):
            threading.Thread(target=self._accept, args=(listener, talk), daemon=True).start()

    def _accept(self, listener, talk):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection, talk), daemon=True).start()

    def _serve(self, connection, talk):
        with connection:
            connection.settimeout(60)
            try:
                talk(connection)
            except OSError:
                pass

    def _by_host(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(65536)
            if not piece:
                return
            head += piece
        name = head.split(b"Host: ")[1].split(b"\r\n")[0].split(b".example")[0].decode()
        self._send(connection, name, WAYS[name])

    def _by_name(self, connection):
        hello = connection.recv(65536)
        name = next((one for one in TLS_WAYS if one.encode() + b".example" in hello), None)
        if name:
            self._send(connection, name, TLS_WAYS[name])

    def _send(self, connection, name, way):
        self.asked.append(name)
        began = time.monotonic()
        try:
            for piece in way():
                if isinstance(piece, bytes):
                    connection.sendall(piece)
                elif self._has_gone(connection, piece):
                    break
        except OSError:
            pass
        self.ended[name] = max(time.monotonic() - began, self.ended.get(name, 0))

    @staticmethod
    def _has_gone(connection, seconds):
        """Waits, and looks whether the client is still there."""
        connection.settimeout(seconds)
        try:
            return connection.recv(1) == b""
        except (socket.timeout, BlockingIOError):
            return False
        finally:
            connection.settimeout(60)

    def connect_to(self):
        names = {f"{name}.example:80": f"127.0.0.1:{self.port}" for name in WAYS}
        return {**names, **{f"{name}.example:443": f"127.0.0.1:{self.tls_port}" for name in TLS_WAYS}}

    def urls(self):
        return {**{name: f"http://{name}.example/1.jpg" for name in WAYS},
                **{name: f"https://{name}.example/1.jpg" for name in TLS_WAYS}}

    def stop(self):
        for one in self._listeners:
            one.close()
