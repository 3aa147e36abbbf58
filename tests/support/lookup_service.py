# SPDX-License-Identifier: MIT
"""A lookup service on loopback: POST /api/v1/lookup, as slow, wrong or unwilling as a test wants.

    service = LookupService()
    service.answers["Nuyorican Soul", "Nuyorican Soul"] = missing()
    service.delay = 0.01        # seconds before each answer
    service.token = "secret"    # 401 without one, 403 with another one
    service.fault = lambda number, asked: (503, {"Retry-After": "1"}, b"")     # or None
    service.asked               # [(monotonic start, body, headers)]
"""
import asyncio
import collections
import json
import threading
import time

ADDRESS = "https://i.example.org/release/{}.jpg"


def found(artist, album, url=None, **changes):
    """A direct match with the release's own cover; `changes` go to the right places."""
    item = {"id": 7, "artist": artist, "title": album}
    artwork = {"artist": artist, "album": album, "release_id": 99,
               "release_url": "https://www.discogs.com/release/99", "confidence": 1.0,
               "artwork_url": url or ADDRESS.format(f"{artist}-{album}".replace(" ", "-").lower())}
    answer = {"results": [{"library_item": item, "artwork": artwork, "matched_via": None}],
              "search_type": "direct", "song_not_found": False, "found_on_compilation": False,
              "context_message": None, "corrected_artist": None, "cache_stats": None,
              "timeout": False, "degraded": False, "degraded_reason": None}
    for key, value in changes.items():
        for place in (answer, item, artwork):
            if key in place:
                place[key] = value
                break
        else:
            raise KeyError(key)
    return answer


def missing(**changes):
    """Nothing is known."""
    return {**found("", ""), "results": [], "search_type": "none", **changes}


class LookupService:

    def __init__(self):
        self.answers, self.asked, self.times = {}, [], collections.Counter()
        self.delay, self.token, self.fault = 0.0, None, None
        self.default = found
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def _run(self):
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self):
        self._over = asyncio.Event()
        self._open = set()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        for writer in list(self._open):
            writer.transport.abort()
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for one in talks:
            one.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def stop(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(5)

    async def _talk(self, reader, writer):
        self._open.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = head.split("\r\n")
                headers = {k.lower(): v.strip() for k, _, v in
                           (line.partition(":") for line in lines[1:] if line)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                status, more, answer = await self._answer(lines[0], headers, body)
                if status is None:
                    return
                fields = {"Content-Type": "application/json", "Content-Length": len(answer), **more}
                writer.write(f"HTTP/1.1 {status} X\r\n".encode()
                             + "".join(f"{k}: {v}\r\n" for k, v in fields.items()).encode()
                             + b"\r\n" + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(self, line, headers, body):
        if line != "POST /api/v1/lookup HTTP/1.1":
            return 404, {}, b'{"detail":"no such path"}'
        question = json.loads(body)
        self.asked.append((time.monotonic(), question, headers))
        key = question["artist"], question.get("album", "")
        self.times[key] += 1
        if self.token is not None:
            given = headers.get("authorization")
            if given is None:
                return 401, {}, b'{"detail":"a token is needed"}'
            if given != f"Bearer {self.token}":
                return 403, {}, b'{"detail":"the token is wrong"}'
        fault = self.fault(len(self.asked), question) if self.fault else None
        if self.delay:
            await asyncio.sleep(self.delay)
        if fault is not None:
            return fault
        answer = self.answers.get(key)
        if isinstance(answer, list):  # one after the other, the last for ever
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if answer is None:
            answer = self.default(*key)
        return 200, {}, json.dumps(answer).encode()
