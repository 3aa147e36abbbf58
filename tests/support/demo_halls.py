# SPDX-License-Identifier: MIT
"""The pages of the TAO group (one site, many houses, other cities too) and of the Blue Note
Club (the schema-org extractor, another time zone, two sets a night)."""
import pages
from picture_hosts import direct
from site_model import Event, Resource

NEW_YORK = {"@type": "PostalAddress", "addressLocality": "New York", "addressRegion": "NY"}
BOOKETING = "hakkasan.booketing.com"
UPLOADS = "/wp-content/uploads/"


def _event(site, tag, offset, slug, *performers, published=True, **more):
    event = Event(tag, site.day(offset), performers, f"/events/{slug}/", **more)
    if published:
        site.events.append(event)
    return event


def add_tao(site, host):
    base = site.base(host.name)

    def put(event, start="local", **more):
        venue = site.venue(event.venue)
        host.page(event.path, pages.json_ld_page(
            event, pages.json_ld(event, venue, base, start, **more)))

    def photo(name, slug, **more):
        return direct(site, name, BOOKETING, f"{UPLOADS}{slug}.jpg", **more)

    put(_event(site, "hakkasan", 13, "tiesto-hakkasan", "Tiësto", time="22:30",
               picture=photo("Tiësto", "tiesto")), "utc")
    put(_event(site, "omnia", 18, "illenium", "Illenium", time="22:30",
               picture=photo("Illenium", "illenium", width=1280, height=1600, kind="exif")),
        "offset", location=pages.place("OMNIA Nightclub Las Vegas", pages.LAS_VEGAS))
    put(_event(site, "marquee-dayclub", 20, "zhu", "ZHU", time="11:00", picture=direct(
        site, "ZHU", BOOKETING, f"{UPLOADS}zhu.png", 1600, 1600, "png", "image/png")))
    put(_event(site, "tao", 22, "justin-credible", "Justin Credible",
               picture=photo("Justin Credible", "justin-credible")), "date",
        doorTime="22:00", performers="object")
    put(_event(site, "tao-beach", 24, "fisher", "FISHER", "Chris Lake", time="12:00",
               picture=photo("FISHER", "fisher")),
        location=pages.place("TAO Beach", pages.LAS_VEGAS), kind="Festival")
    put(_event(site, "jewel", 26, "lil-jon", "Lil Jon", time="22:30",
               picture=photo("Lil Jon", "lil-jon", width=1600, height=1600)),
        kind=["SocialEvent"])
    put(_event(site, "wet-republic", 28, "rufus-du-sol", "RÜFÜS DU SOL", time="11:00",
               picture=photo("RÜFÜS DU SOL", "rufus-du-sol")), "seconds")
    moved = direct(site, "Eric Prydz", BOOKETING, f"{UPLOADS}2026/eric-prydz.jpg",
                   url=f"{site.base(BOOKETING)}{UPLOADS}eric-prydz.jpg")
    site.hosts[BOOKETING].resources[f"{UPLOADS}eric-prydz.jpg"] = Resource(
        b"moved\n", "text/plain", 301, {"Location": f"{UPLOADS}2026/eric-prydz.jpg"})
    put(_event(site, "omnia-dayclub", 30, "eric-prydz", "Eric Prydz", time="12:00",
               picture=moved))
    put(_event(site, "palm-tree", 32, "mo", "MØ", time="13:00",
               picture=photo("MØ", "mo-portrait", width=1280, height=1600)), "offset")
    put(_event(site, "marquee", 34, "vice", "Vice", time="22:30", picture=photo("Vice", "vice")))

    put(_event(site, "tao", 15, "tao-downtown", "Someone Else", time="22:00", published=False),
        location=pages.place("TAO Downtown", NEW_YORK))
    put(_event(site, "tao", -9, "last-week", "Past Act", time="22:00", published=False))
    host.page("/private/tables/", pages.document("Tables"))
    host.page("/venues/", pages.document("Our venues", "<p>Five cities.</p>"))


def add_blue_note(site, host):
    venue, base = site.venue("bluenote"), site.base(host.name)

    def put(event, start="local", **more):
        more.setdefault("location", pages.place(venue.name, NEW_YORK))
        host.page(event.path, pages.json_ld_page(
            event, pages.json_ld(event, venue, base, start, **more)))

    def photo(name, slug, prefix="", **more):
        path = f"/media/{slug}.jpg"
        return direct(site, name, host.name, path, url=prefix + path, **more)

    trio = photo("Brad Mehldau Trio", "brad-mehldau-trio")
    put(_event(site, "bluenote", 36, "brad-mehldau-early", "Brad Mehldau Trio", time="20:00",
               picture=trio))
    put(_event(site, "bluenote", 36, "brad-mehldau-late", "Brad Mehldau Trio", time="22:30",
               picture=trio))
    cecile = _event(site, "bluenote", 38, "cecile", "Cécile McLorin Salvant", time="20:00",
                    picture=photo("Cécile McLorin Salvant", "cecile", width=1280, height=1600))
    host.page(cecile.path, pages.microdata_page(cecile, venue, "us", itemref=True))
    put(_event(site, "bluenote", 41, "robert-glasper", "Robert Glasper", "Terrace Martin",
               time="20:00", title="Robert Glasper’s residency",
               picture=photo("Robert Glasper", "robert-glasper")), "offset")
    put(_event(site, "bluenote", 44, "ron-carter", "Ron Carter Quartet", time="19:30",
               status="moved_online"), "seconds",
        eventStatus="https://schema.org/EventMovedOnline",
        location=[pages.place(venue.name, NEW_YORK),
                  {"@type": "VirtualLocation", "url": "https://stream.example/ron"}])
    put(_event(site, "bluenote", 47, "esperanza-spalding", "Esperanza Spalding", time="20:00",
               picture=photo("Esperanza Spalding", "esperanza", prefix=f"//{host.name}")))
    put(_event(site, "bluenote", -5, "last-friday", "Past Act", time="20:00", published=False))
    host.page("/private/backstage/", pages.document("Backstage"))
    host.page("/menu/", pages.document("Menu", "<p>Soup.</p>"))
