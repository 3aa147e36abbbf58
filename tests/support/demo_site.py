# SPDX-License-Identifier: MIT
"""The site `demo`: clean, in all the forms; a sync of it ends with exit code 0.

Past events, events elsewhere, forbidden pages and pages without an event are in it: none of
them is a failure."""
import demo_clubs
import demo_halls
import sitemaps
from site_model import Site, Venue

LIV, WYNN, TAO = "www.livnightclub.com", "www.wynnsocial.com", "taogroup.com"
BLUE_NOTE = "www.bluenote-club.example"
LIV_IMAGES = ("venueeventartist.com", "vea-cdn.com", "cdn.vegaseventsapi.com", "livnightclub.com")
WYNN_IMAGES = ("venueeventartist.com", "vea-cdn.com", "cdn.vegaseventsapi.com", "wynnsocial.com")
TAO_IMAGES = ("booketing.com", "taogroup.com")


def _tao(tag, name, *aliases):
    return Venue(tag, name, (f"{name} Las Vegas", *aliases), "tao", TAO, image_hosts=TAO_IMAGES)


VENUES = [
    Venue("liv", "LIV Las Vegas", ("LIV Nightclub", "LIV", "LIV Nightclub Las Vegas"), "liv", LIV,
          image_hosts=LIV_IMAGES),
    Venue("livb", "LIV Beach", ("LIV Beach Las Vegas",), "liv", LIV, image_hosts=LIV_IMAGES),
    Venue("xs", "XS Nightclub", ("XS", "XS Las Vegas", "XS Nightclub Las Vegas"), "xs", WYNN,
          image_hosts=WYNN_IMAGES),
    Venue("ebc", "Encore Beach Club", ("EBC",), "ebc", WYNN, image_hosts=WYNN_IMAGES),
    Venue("ebcn", "Encore Beach Club at Night", ("EBC at Night",), "ebc", WYNN,
          image_hosts=WYNN_IMAGES),
    _tao("hakkasan", "Hakkasan Nightclub"), _tao("omnia", "OMNIA Nightclub"),
    _tao("omnia-dayclub", "OMNIA Dayclub"), _tao("marquee", "Marquee Nightclub"),
    _tao("marquee-dayclub", "Marquee Dayclub"), _tao("tao", "TAO Nightclub"),
    _tao("tao-beach", "TAO Beach Dayclub", "TAO Beach"), _tao("jewel", "JEWEL Nightclub"),
    _tao("wet-republic", "WET REPUBLIC"), _tao("palm-tree", "Palm Tree Beach Club"),
    Venue("bluenote", "Blue Note Club", ("The Blue Note",), "schema-org", BLUE_NOTE,
          "/sitemap.txt", "America/New_York"),
]


def _date_entries(site):
    """Every lastmod form in turn, older than today."""
    for name in (LIV, WYNN, TAO):
        host = site.hosts[name]
        forms = sitemaps.lastmod_forms(site.day(-3))
        for n, entry in enumerate(host.entries):
            entry.lastmod = forms[n % len(forms)]


def _publish_sitemaps(site):
    liv, wynn, tao, note = (site.hosts[n] for n in (LIV, WYNN, TAO, BLUE_NOTE))
    base = site.base(LIV)

    def events(half):
        listed = [e for e in liv.entries if e.path.startswith("/event/")]
        return [e for n, e in enumerate(listed) if n % 2 == half]

    pages = lambda: [e for e in liv.entries if not e.path.startswith("/event/")]
    sitemaps.serve(liv, "/sitemap.xml", lambda: sitemaps.index(
        [base + "/sitemap-pages.xml", base + "/sitemap-events.xml"]))
    sitemaps.serve(liv, "/sitemap-pages.xml", lambda: sitemaps.urlset(base, pages()), "text/xml")
    sitemaps.serve(liv, "/sitemap-events.xml", lambda: sitemaps.index(
        [base + "/sitemap-events-1.xml.gz", base + "/sitemap-events-2.xml"]))
    sitemaps.serve(liv, "/sitemap-events-1.xml.gz",
                   lambda: sitemaps.urlset(base, events(0)), packed=True)
    sitemaps.serve(liv, "/sitemap-events-2.xml",
                   lambda: sitemaps.urlset(base, events(1)), compress=True)
    sitemaps.serve(wynn, "/sitemap.xml", lambda: sitemaps.urlset(
        site.base(WYNN), wynn.entries, prefix="sm"), compress=True)
    sitemaps.serve(tao, "/sitemap.xml", lambda: "\ufeff" + sitemaps.urlset(
        site.base(TAO), tao.entries, spaced=True,
        image=site.base(TAO) + "/x.jpg?a=1&b=2"))
    sitemaps.serve(note, "/sitemap.txt", lambda: sitemaps.text_form(
        site.base(BLUE_NOTE), note.entries), "text/plain")


def _publish_robots(site):
    private = ("/private/",)
    liv, tao, note = (site.hosts[n] for n in (LIV, TAO, BLUE_NOTE))
    liv.robots = ("# LIV\nUser-agent: *\nDisallow: /private/\nAllow: /event/\n\n"
                  f"Sitemap: {site.base(LIV)}/sitemap.xml\n")
    tao.robots = ("User-agent: *\nDisallow: /\n\nUser-agent: Vinny\nUser-agent: friendlybot\n"
                  "Disallow: /private/\n")
    note.robots = "User-agent: *\r\nCrawl-delay: 0.5\r\nDisallow: /private/\r\n"
    note.crawl_delay = 0.5
    for host in (liv, tao, note):
        host.disallowed = private
    site.host("img.vea-cdn.com").robots = "User-agent: *\nDisallow:\n"
    site.host("hakkasan.booketing.com").robots = "User-agent: *\nDisallow: /wp-admin/\n"


def make(scheme="http", today=None):
    site = Site("demo", scheme, today)
    site.venues = list(VENUES)
    demo_clubs.add_liv(site, site.host(LIV))
    demo_clubs.add_wynn(site, site.host(WYNN))
    demo_halls.add_tao(site, site.host(TAO))
    demo_halls.add_blue_note(site, site.host(BLUE_NOTE))
    _date_entries(site)
    _publish_sitemaps(site)
    _publish_robots(site)
    return site
