# SPDX-License-Identifier: MIT
"""The site `overlap`: as many pages as pictures, on two hosts, each file in one size at one URL.
Either stage takes as long as the other; together they should take hardly longer."""
import pages
import sitemaps
from picture_hosts import direct
from site_model import Event, Site, Venue

PAGES, PICTURES, COUNT = "www.overlap.example", "img.overlap.example", 30


def make(scheme="http", today=None, count=COUNT):
    site = Site("overlap", scheme, today)
    venue = Venue("hall", "Overlap Hall", (), "schema-org", PAGES)
    site.venues = [venue]
    host = site.host(PAGES)
    for n in range(count):
        name = f"Act {n + 1:02d}"
        picture = direct(site, name, PICTURES, f"/act-{n + 1}.jpg", 800, 640)
        event = Event("hall", site.day(10 + n), (name,), f"/show/{n + 1}/", "20:00",
                      picture=picture)
        site.events.append(event)
        host.page(event.path, pages.json_ld_page(
            event, pages.json_ld(event, venue, site.base(PAGES))), f"{site.day(-2)}T10:00:00Z")
    sitemaps.serve(host, "/sitemap.xml",
                   lambda: sitemaps.urlset(site.base(PAGES), host.entries))
    return site
