# SPDX-License-Identifier: MIT
"""The vocabulary of test sites: venues, events, pictures, and what each host serves."""
import datetime
import hashlib
import zoneinfo
from dataclasses import dataclass, field
from typing import Callable


@dataclass(frozen=True)
class Venue:
    tag: str
    name: str
    aliases: tuple = ()
    extractor: str = "schema-org"
    host: str = ""
    sitemap: str = "/sitemap.xml"
    time_zone: str = "America/Los_Angeles"
    image_hosts: tuple = ()


@dataclass(frozen=True)
class Tier:
    name: str
    price: float | None = None
    guests: int | None = None
    available: bool | None = None


@dataclass(frozen=True)
class Picture:
    """A picture as its host has it: `width` x `height` is the largest, as it is to be seen."""
    name: str    # drawn on it
    url: str     # as pages name it
    width: int
    height: int
    kind: str = "jpeg"  # or "png", "exif"


@dataclass(frozen=True)
class Event:
    """An event as it has to be published; pages are rendered from it."""
    venue: str  # tag
    day: datetime.date
    performers: tuple
    path: str   # of its page
    time: str | None = None   # HH:MM, the venue's clock
    title: str = ""           # default: the headliner
    description: str | None = None
    status: str = "scheduled"
    picture: Picture | None = None
    tiers: tuple = ()

    @property
    def headliner(self):
        return self.performers[0]

    @property
    def name(self):
        return self.title or self.headliner

    def starts_at(self, zone):
        """RFC 3339 with the zone's offset, or None for a date only."""
        if self.time is None:
            return None
        clock = datetime.time.fromisoformat(self.time)
        return datetime.datetime.combine(self.day, clock,
                                         zoneinfo.ZoneInfo(zone)).isoformat()


@dataclass
class Resource:
    """What one path answers. A callable body is made for each request."""
    body: bytes | Callable[[], bytes]
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict = field(default_factory=dict)
    compress: bool = False   # Content-Encoding: gzip, when the client accepts it
    validators: bool = True  # ETag and Last-Modified, and 304

    def content(self):
        return self.body() if callable(self.body) else self.body


@dataclass
class Entry:
    """A line of a sitemap."""
    path: str
    lastmod: str | None = None


@dataclass
class Host:
    name: str
    resources: dict = field(default_factory=dict)  # path -> Resource
    dynamic: Callable[[str], Resource | None] | None = None  # asked when `resources` has none
    robots: str | None = None                      # None: 404
    disallowed: tuple = ()                         # prefixes that robots forbids to Vinny
    crawl_delay: float = 0.0
    entries: list = field(default_factory=list)    # what its sitemaps list
    last_modified: str = "Mon, 05 Jan 2026 10:00:00 GMT"

    def find(self, target):
        """The resource of a request target, with or without its query."""
        if target == "/robots.txt":
            if self.robots is None:
                return None
            return Resource(self.robots.encode(), "text/plain")
        path = target.split("?")[0]
        found = self.resources.get(target) or self.resources.get(path)
        return found or (self.dynamic(path) if self.dynamic else None)

    def page(self, path, html, lastmod=None, listed=True, **options):
        self.resources[path] = Resource(html.encode(), **options)
        if listed:
            self.entries.append(Entry(path, lastmod))


class Site:
    """Hosts, the venues registered for them, and the events that must come out."""

    def __init__(self, name, scheme="http", today=None):
        self.name = name
        self.scheme = scheme
        self.today = today or datetime.date.today()
        self.hosts = {}
        self.venues = []
        self.events = []
        self.faults = []

    def host(self, name, **options):
        return self.hosts.setdefault(name, Host(name, **options))

    def base(self, host):
        return f"{self.scheme}://{host}"

    def day(self, offset):
        return self.today + datetime.timedelta(days=offset)

    def venue(self, tag):
        return next(v for v in self.venues if v.tag == tag)

    def sitemap_paths(self, host):
        """Paths of a host that are sitemaps."""
        return {p for p in self.hosts[host].resources if "sitemap" in p}

    def page_hosts(self):
        return {v.host for v in self.venues if v.host}

    def forbidden(self, host, path):
        return path.startswith(self.hosts[host].disallowed)

    def touch(self, host, path, html=None, lastmod=None):
        """Changes a page: its sitemap entry gets a newer lastmod, its body a new ETag."""
        resource = self.hosts[host].resources[path]
        resource.body = html.encode() if html else resource.content() + b"\n<!-- changed -->\n"
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        for entry in self.hosts[host].entries:
            if entry.path == path:
                entry.lastmod = lastmod or now


def etag_of(body):
    return '"' + hashlib.sha256(body).hexdigest()[:20] + '"'
