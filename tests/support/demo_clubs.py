# SPDX-License-Identifier: MIT
"""The pages of LIV (JSON-LD in its shapes, microdata, calendar, list, og) and of Wynn Social
(XS and Encore Beach Club on one site, embedded table prices)."""
from dataclasses import replace

import pages
from picture_hosts import form_a, form_b, form_c
from site_model import Event, Tier

TABLES = (Tier("Dance Floor Table", 3000.0, 8, True), Tier("Lower Dance Floor", 1500.0, 10, True),
          Tier("Patio Table", 750.0, None, False))
WYNN_TABLES = (Tier("Dance Floor", 5000.0, 12, True), Tier("Terrace", 1000.0, 6, False))
BROKEN_BLOCK = '{"@context": "https://schema.org", "@type": "WebSite", "name": "broken'


def event_code(number, day):
    return f"EVE{1214881000 + number}{day:%Y%m%d}"


def event_path(number, day, slug):
    return f"/event/{event_code(number, day)}/{slug}/"


class _Writer:
    """Makes events of one host, numbered, and puts their pages there."""

    def __init__(self, site, host):
        self.site, self.host, self.number = site, host, 0
        self.base = site.base(host.name)

    def event(self, tag, offset, slug, *performers, published=True, **more):
        self.number += 1
        day = self.site.day(offset)
        event = Event(tag, day, performers, event_path(self.number, day, slug), **more)
        if published:
            self.site.events.append(event)
        return event

    def code(self, event):
        return event.path.split("/")[2]

    def venue(self, event):
        return self.site.venue(event.venue)

    def put(self, event, html, listed=True, **options):
        self.host.page(event.path, html, listed=listed, **options)

    def json_ld(self, event, start="local", **more):
        return pages.json_ld(event, self.venue(event), self.base, start, **more)


def add_liv(site, host):
    w, c = _Writer(site, host), lambda n, name, **k: form_c(site, name, n, **k)

    dolla = w.event("liv", 12, "dom-dolla", "Dom Dolla", time="22:30", title="Dom Dolla at LIV",
                    picture=c(1, "Dom Dolla"), tiers=TABLES)
    w.put(dolla, pages.json_ld_page(dolla, w.json_ld(
        dolla, url=f"{w.base}{dolla.path}?utm_source=newsletter#tables")))
    cox = w.event("liv", 14, "carl-cox", "Carl Cox", "Nora En Pure", "Mau P", time="22:00",
                  picture=c(2, "Carl Cox"))
    w.put(cox, pages.json_ld_page(cox, [w.json_ld(
        cox, "offset", performers="object", image="array", kind=["Event", "DanceEvent"],
        location=pages.place("LIV Nightclub", "3131 Las Vegas Blvd S, Las Vegas, NV 89109"))]))
    tiesto = w.event("liv", 17, "tiesto", "Tiësto", time="22:30", title="Tiësto & Friends",
                     description="Doors at nine; ladies & gents “welcome”.",
                     picture=c(3, "Tiësto", width=1000, height=1250))
    graph = [{"@type": "WebPage", "@id": "#page", "name": "Tickets"},
             {"@type": "MusicGroup", "@id": "#act", "name": "Ti&euml;sto"},
             {"@type": "NightClub", "@id": "#place", "name": "LIV Las Vegas"},
             w.json_ld(tiesto, "utc", name="Ti&euml;sto &amp; Friends", image="object",
                       performer={"@id": "#act"}, location={"@id": "#place"})]
    w.put(tiesto, pages.json_ld_page(tiesto, {"@context": "https://schema.org", "@graph": graph}))
    garrix = w.event("liv", 18, "martin-garrix", "Martin Garrix", time="22:30",
                     picture=c(4, "Martin Garrix"))
    w.put(garrix, pages.json_ld_page(
        garrix, {"@type": "BreadcrumbList", "itemListElement": []}, BROKEN_BLOCK,
        w.json_ld(garrix, "seconds")))
    mau5 = w.event("liv", 20, "deadmau5", "deadmau5", time="23:00", description="One night only.",
                   picture=c(5, "deadmau5"))
    w.put(mau5, pages.microdata_page(mau5, w.venue(mau5)))

    cells = [w.event("liv", 22, "alesso", "Alesso", picture=c(6, "Alesso")),
             w.event("liv", 24, "kaskade", "Kaskade", picture=c(7, "Kaskade"))]
    gone = w.event("liv", -12, "gone", "Long Gone", picture=c(8, "Long Gone"), published=False)
    host.page("/calendar/", pages.calendar_page(
        "LIV Las Vegas calendar", [gone, garrix, *cells], [site.day(23), site.day(25)]))
    items = [w.event("livb", 26, "zedd", "Zedd", picture=c(9, "Zedd")),
             w.event("livb", 27, "gryffin", "Gryffin", picture=c(10, "Gryffin"))]
    host.page("/upcoming/", pages.list_page(
        "Upcoming", [pages.list_item(e, "LIV Beach", w.code(e)) for e in items]))
    for event in cells + items:  # linked to, not in a sitemap: not to be fetched
        w.put(event, pages.document(event.name), listed=False)

    jack = w.event("liv", 29, "afrojack", "Afrojack", title="Afrojack at LIV Las Vegas",
                   picture=c(11, "Afrojack"))
    w.put(jack, pages.og_page(jack, jack.title))
    for offset, tag, status, schema, name in (
            (31, "liv", "cancelled", "https://schema.org/EventCancelled", "Marshmello"),
            (33, "livb", "postponed", "http://schema.org/EventPostponed", "Steve Aoki"),
            (35, "livb", "rescheduled", "EventRescheduled", "Loud Luxury")):
        event = w.event(tag, offset, status, name, time="21:00", status=status,
                        picture=c(offset, name))
        more = ({"previousStartDate": f"{site.day(offset - 9)}T21:00"}
                if status == "rescheduled" else {})
        w.put(event, pages.json_ld_page(event, w.json_ld(event, eventStatus=schema, **more)))
    again = w.event("liv", 40, "dom-dolla", "Dom Dolla", "MK", time="22:30",
                    picture=dolla.picture)
    w.put(again, pages.json_ld_page(again, w.json_ld(again)))
    small = w.event("livb", 28, "mk", "MK", time="11:00",
                    picture=c(12, "MK", width=900, height=720, named=900))
    w.put(small, pages.json_ld_page(small, w.json_ld(small)))
    leger = w.event("liv", 45, "sebastien-leger", "Sébastien Léger",
                    picture=c(13, "Sébastien Léger", width=1600, height=800))
    w.put(leger, pages.json_ld_page(leger, w.json_ld(leger, "date")))

    past = w.event("liv", -30, "last-month", "Past Act", time="22:30", published=False)
    w.put(past, pages.json_ld_page(past, w.json_ld(past)))
    host.page("/about/", pages.document("About us", "<p>We are a nightclub.</p>"))
    secret = replace(dolla, path="/private/vip-list/", performers=("Secret Guest",), picture=None)
    host.page(secret.path, pages.json_ld_page(secret, w.json_ld(secret)))


def add_wynn(site, host):
    w = _Writer(site, host)
    dolla = w.event("xs", 15, "dom-dolla", "Dom Dolla", time="22:30", tiers=WYNN_TABLES,
                    picture=form_a(site, "Dom Dolla", "dom-dolla"))
    w.put(dolla, pages.json_ld_page(dolla, w.json_ld(dolla, offers=[]),
                                    head=pages.tables_script(dolla.tiers)), compress=True)
    smokers = w.event("xs", 19, "the-chainsmokers", "The Chainsmokers", "Two Friends",
                      time="22:30", picture=form_a(site, "The Chainsmokers", "the-chainsmokers"))
    w.put(smokers, pages.json_ld_page(smokers, w.json_ld(
        smokers, "offset", performers="object", location=pages.place("XS Las Vegas"))))
    kolsch = w.event("xs", 23, "kolsch", "Kölsch", time="22:30", picture=form_a(
        site, "Kölsch", "kolsch", widths=(500, 1000), named=1000))
    w.put(kolsch, pages.json_ld_page(kolsch, w.json_ld(kolsch, "utc")), compress=True)
    diplo = w.event("ebc", 16, "diplo", "Diplo", time="11:00",
                    picture=form_b(site, "Diplo", "diplo"))
    w.put(diplo, pages.json_ld_page(diplo, w.json_ld(diplo)))
    guetta = w.event("ebc", 25, "david-guetta", "David Guetta", time="11:30",
                     picture=form_b(site, "David Guetta", "david-guetta"))
    block = w.json_ld(guetta)
    del block["location"]
    w.put(guetta, pages.json_ld_page(guetta, block).replace(
        "</body>", "<p>Poolside at Encore Beach Club.</p></body>"))
    kygo = w.event("ebcn", 21, "kygo", "Kygo", title="Kygo at Encore Beach Club at Night",
                   picture=form_b(site, "Kygo", "kygo"))
    w.put(kygo, pages.og_page(kygo, kygo.title))
    host.page("/faq/", pages.document("Questions", "<p>What to wear.</p>"))
