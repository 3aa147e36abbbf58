# SPDX-License-Identifier: MIT
"""The site `hostile`: everything that a site can do wrong, beside events that have to come out
all the same. `trouble` names what must be in the run's errors."""
import io

import pages
import pictures
import sitemaps
from faults import Fault
from picture_hosts import direct
from site_model import Event, Resource, Site, Venue

HALL, IMAGES = "www.hostile.example", "img.hostile.example"
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff " * 8 + "the Last of All"


class _Builder:
    def __init__(self, scheme, today):
        self.site = Site("hostile", scheme, today)
        self.site.venues = [Venue("hostile", "Hostile Hall", (), "schema-org", HALL)]
        self.host, self.images = self.site.host(HALL), self.site.host(IMAGES)
        self.base = self.site.base(HALL)
        self.site.trouble = {}  # part of a URL -> reasons that are acceptable
        self.offset = 10

    def event(self, slug, name, picture=None, published=True, **more):
        self.offset += 1
        event = Event("hostile", self.site.day(self.offset), (name,), f"/show/{slug}/", "21:00",
                      picture=picture, **more)
        if published:
            self.site.events.append(event)
        return event

    def json_ld(self, event, **more):
        return pages.json_ld(event, self.site.venues[0], self.base, **more)

    def show(self, slug, name, picture=None, published=True, **more):
        event = self.event(slug, name, picture, published)
        self.host.page(event.path, pages.json_ld_page(event, self.json_ld(event, **more)))
        return event

    def bad_image(self, file, reasons, body=None, kind="image/jpeg", fault=None, slug=None):
        """An event whose image cannot be had: its row comes out without one."""
        slug = slug or "image-" + file.rpartition(".")[0]
        path = "/" + file
        if body is not None:
            self.images.resources[path] = Resource(body, kind)
        if fault:
            self.site.faults.append(Fault(host=IMAGES, path=path, **fault))
        event = self.event(slug, f"Act {slug}")
        block = {**self.json_ld(event), "image": self.site.base(IMAGES) + path}
        self.host.page(event.path, pages.json_ld_page(event, block))
        self.site.trouble[path] = reasons

    def bad_page(self, slug, reasons, html="", fault=None):
        path = f"/show/{slug}/"
        self.host.page(path, html or pages.document(slug))
        if fault:
            self.site.faults.append(Fault(host=HALL, path=path, **fault))
        self.site.trouble[path] = reasons

    def bad_sitemap(self, tag, reasons, body=b"", kind="application/xml", fault=None):
        host = self.site.host(f"{tag}.hostile-sitemaps.example")
        host.resources["/sitemap.xml"] = Resource(body, kind)
        self.site.venues.append(Venue(tag, f"House of {tag}", (), "schema-org", host.name))
        if fault:
            self.site.faults.append(Fault(host=host.name, path=fault.pop("path", "/sitemap.xml"),
                                          **fault))
        self.site.trouble[host.name] = reasons


def _names(b):
    b.show("good", "Good Act", direct(b.site, "Good Act", IMAGES, "/good.jpg"))
    b.show("as-html", "Html Name", direct(b.site, "Html Name", IMAGES, "/photo.html",
                                          serve_as="text/html"))
    b.show("climber", "../../etc", direct(b.site, "Climber", IMAGES, "/climber.jpg"))
    b.show("long", LONG_NAME.strip(), direct(b.site, "Long", IMAGES, "/long.jpg"))
    b.show("utada", "宇多田ヒカル", direct(b.site, "Utada", IMAGES, "/utada.jpg"))
    b.show("sheena", "椎名林檎", direct(b.site, "Sheena", IMAGES, "/sheena.jpg"))
    b.show("troll", "Мумий Тролль", direct(b.site, "Troll", IMAGES, "/troll.jpg"))
    b.show("nobody", "A Night Without Names", performer="")
    twin = b.show("twin", "Twin Act")
    b.host.page("/show/twin-again/", pages.json_ld_page(twin, b.json_ld(twin)))


def _images(b):
    photo = pictures.jpeg("Truncated", 800, 640)
    tiny, small = io.BytesIO(), pictures.artwork("Tiny", 48, 48)
    small.save(tiny, "JPEG", quality=98, comment=b"x" * 2000)
    b.bad_image("page.jpg", {"not_an_image"}, b"<!DOCTYPE html><title>Sorry</title>" + b" " * 2000)
    b.bad_image("text.png", {"not_an_image"}, b'{"error": "no such file"}' * 90, "image/png")
    b.bad_image("huge.png", {"image_too_large"}, pictures.png_header(30000, 30000), "image/png")
    b.bad_image("truncated.jpg", {"image_corrupt_again"}, photo[:len(photo) // 2])
    b.bad_image("tiny.jpg", {"image_too_small"}, tiny.getvalue())
    b.bad_image("gif.jpg", {"image_type_unsupported"}, b"GIF89a" + bytes(4000))
    b.bad_image("missing.jpg", {"http_not_found"})
    b.bad_image("broken-off.jpg", {"short_body", "connection_lost"}, photo,
                fault={"truncate_to": 5000})
    refused = {"blocked_address", "blocked_port"}
    b.bad_image("to-loopback.jpg", refused, fault={"redirect": "http://127.0.0.1:1/x.jpg"})
    b.bad_image("to-metadata.jpg", refused,
                fault={"redirect": "http://169.254.169.254/latest/meta-data/"})
    b.bad_image("to-file.jpg", {"redirect_broken"},
                fault={"redirect": "file:///etc/passwd"})
    b.bad_image("loop.jpg", {"too_many_redirects"}, fault={"redirect": "/loop.jpg"})
    b.bad_image("endless.jpg", {"body_too_large", "image_too_large", "not_an_image"}, b"",
                fault={"endless": "\xff" * 1024})


def _pages(b):
    broken = ('{"@type": "MusicEvent", "name": "Broken", "startDate": "2031-01-01T20:00", '
              '"performer": ')
    act = b.event("x", "Unread", published=False)
    b.bad_page("broken-json", {"bad_event", "bad_json"}, pages.json_ld_page(act, broken))
    b.bad_page("friday", {"bad_event"}, pages.json_ld_page(
        act, b.json_ld(act, startDate="next friday")))
    b.bad_page("endless", {"body_too_large"}, fault={"endless": "<div>never "})
    b.bad_page("bomb", {"inflate_bomb", "body_too_large"}, fault={"bomb_bytes": 200 << 20})
    b.bad_page("cut", {"short_body", "connection_lost"}, pages.document("cut", "<p>x</p>" * 900),
               fault={"truncate_to": 500})
    b.bad_page("reset", {"connection_lost", "short_body", "bad_response"}, fault={"reset": True})
    b.bad_page("hang", {"first_byte_timeout", "stalled", "total_timeout"}, fault={"hang_s": 60})
    b.bad_page("drip", {"stalled", "total_timeout"}, pages.document("drip", "<p>x</p>" * 900),
               fault={"drip_s": 0.3, "drip_bytes": 8})
    b.bad_page("error", {"http_server_error"}, fault={"status": 500})
    b.bad_page("gone", {"http_gone"}, fault={"status": 410})
    b.bad_page("chain", {"too_many_redirects"}, fault={"redirect": "/chain/{n}"})
    b.site.faults.append(Fault(host=HALL, path="/chain/*", redirect="/chain/{n}"))
    b.host.page("/show/deep/", "<div>" * 200_000)
    b.host.page("/show/zeros/", "<p>\0\0\0</p>" + "\0" * 5000)


def _sitemaps(b):
    listed = lambda: sitemaps.urlset(b.base, b.host.entries)
    sitemaps.serve(b.host, "/sitemap.xml", listed)
    b.bad_sitemap("broken", {"bad_xml"}, b"<urlset><url><loc>http://x.example/</loc></ur")
    b.bad_sitemap("webpage", {"bad_xml"}, pages.document("Welcome").encode(), "text/html")
    b.bad_sitemap("endless", {"sitemap_too_large", "body_too_large"}, fault={
        "endless": "<url><loc>http://endless.example/</loc></url>\n"})
    b.bad_sitemap("bomb", {"inflate_bomb", "sitemap_too_large", "body_too_large"},
                  fault={"bomb_bytes": 600 << 20})
    b.bad_sitemap("ring", {"too_many_redirects"},
                  fault={"redirect": "/sitemap.xml?{n}", "path": "/sitemap.xml*"})


def make(scheme="http", today=None):
    b = _Builder(scheme, today)
    _names(b)
    _images(b)
    _pages(b)
    _sitemaps(b)
    return b.site
