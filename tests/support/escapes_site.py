# SPDX-License-Identifier: MIT
"""The site `escapes`: pages and pictures whose addresses carry escapes of every kind. Its hosts
answer other spellings of them, too, so that what was asked shows in the log alone."""
import functools

import pages
import pictures
import sitemaps
from site_model import Event, Picture, Resource, Site, Venue

PAGES, PICTURES, COUNT = "www.escapes.example", "img.escapes.example", 24
# Of a picture with a number: reserved characters in paths and queries, unreserved ones, others'
# scripts, and what only looks like an escape.
FORMS = (
    "/media%2Fposter%2F{n}.jpg", "/a%2Bb/{n}.jpg", "/x%3Ay%40z/{n}.jpg", "/p/{n}.jpg?src=a%26b",
    "/p/{n}.jpg?u=http%3A%2F%2Fcdn.example%2Fq%3Fz%3D1", "/p/{n}.jpg?s=1%3B2&t=%2B", "/%7Euser/{n}.jpg",
    "/caf%C3%A9/{n}.jpg", "/a%3Fb%23c/{n}.jpg", "/100%25/{n}.jpg", "/%28live%29/{n}.jpg",
    "/k%3Dv/{n}.jpg?sig=ab%2Fcd%3D%3D")


@functools.cache
def _body(n):
    return pictures.source_bytes(Picture(f"Act {n}", "", 640, 480))


def address(n):
    return FORMS[n % len(FORMS)].format(n=n)


def make(scheme="http", today=None, count=COUNT):
    site = Site("escapes", scheme, today)
    venue = Venue("hall", "Escape Hall", (), "schema-org", PAGES)
    site.venues = [venue]
    host = site.host(PAGES)
    site.host(PICTURES).dynamic = lambda path: Resource(_body(len(path) % 7), "image/jpeg")
    for n in range(count):
        name = f"Act {n:05d}"
        picture = Picture(name, site.base(PICTURES) + address(n), 640, 480)
        event = Event("hall", site.day(10 + n % 200), (name,), f"/show%2B{n}/", "20:00",
                      picture=picture)
        site.events.append(event)
        host.page(event.path, pages.json_ld_page(
            event, pages.json_ld(event, venue, site.base(PAGES))), f"{site.day(-2)}T10:00:00Z")
        host.resources[event.path.replace("%2B", "+")] = host.resources[event.path]
    sitemaps.serve(host, "/sitemap.xml",
                   lambda: sitemaps.urlset(site.base(PAGES), host.entries))
    return site
