# SPDX-License-Identifier: MIT
"""Faults: how an answer is spoiled on request, for the first requests or for all."""
import fnmatch
import functools
import threading
import zlib
from dataclasses import dataclass, fields


@dataclass
class Fault:
    host: str = "*"
    path: str = "*"                 # shell pattern over path and query
    times: int | None = None        # only the first K requests; None: all
    status: int | None = None
    retry_after: str | None = None
    delay_s: float = 0.0            # before the answer begins
    hang_s: float = 0.0             # silent for so long, then closed
    drip_s: float = 0.0             # pause after every `drip_bytes`
    drip_bytes: int = 16
    truncate_to: int | None = None  # Content-Length tells the whole, the body breaks off
    reset: bool = False             # RST instead of an answer
    endless: str | None = None      # this text, for ever (chunked)
    redirect: str | None = None     # 302; {n} counts up, so a chain never ends
    bomb_bytes: int = 0             # Content-Encoding: gzip of so many zero bytes
    content_type: str | None = None
    used: int = 0

    @staticmethod
    def from_json(document):
        known = {f.name for f in fields(Fault)}
        unknown = set(document) - known
        if unknown:
            raise ValueError(f"unknown fault fields: {sorted(unknown)}; known: {sorted(known)}")
        return Fault(**document)


class FaultTable:
    """The faults in force. Of several that match, the first with uses left is taken."""

    def __init__(self, faults=()):
        self._lock = threading.Lock()
        self._faults = list(faults)

    def add(self, fault):
        with self._lock:
            self._faults.append(fault)

    def clear(self):
        with self._lock:
            self._faults.clear()

    def take(self, host, target):
        with self._lock:
            for fault in self._faults:
                if not (fnmatch.fnmatchcase(host, fault.host)
                        and fnmatch.fnmatchcase(target, fault.path)):
                    continue
                if fault.times is not None and fault.used >= fault.times:
                    continue
                fault.used += 1
                return fault
        return None


@functools.lru_cache(maxsize=4)
def gzip_bomb(size):
    """A gzip stream that inflates to `size` zero bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    parts = [packer.compress(block) for _ in range(max(1, size >> 20))]
    return b"".join(parts) + packer.flush()
