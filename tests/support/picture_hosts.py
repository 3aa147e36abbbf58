# SPDX-License-Identifier: MIT
"""The image hosts: the URL forms of the CDNs, and which sizes they have."""
import re

import pictures
from site_model import Picture, Resource


def _image(body, kind="image/jpeg"):
    return Resource(body, kind)


def form_c(site, name, number, width=1600, height=1280, named=500):
    """venueeventartist.com: any width up to the picture's own; 404 above."""
    host = site.host("venueeventartist.com")
    stem = f"/imateq/event/512/{1495000 + number}/{40941972000 + number}"
    file = f"{40996180000 + number}.jpeg"
    picture = Picture(name, f"{site.base(host.name)}{stem}/{named}SC0/{file}", width, height)
    pattern = re.compile(re.escape(stem) + r"/(\d{2,4})SC0/" + re.escape(file))

    def find(path):
        match = pattern.fullmatch(path)
        if not match or int(match[1]) > width:
            return None
        return _image(lambda: pictures.source_bytes(picture, int(match[1])))
    _chain(host, find)
    return picture


def form_a(site, name, slug, widths=(500, 1500), named=500, width=1600, height=1280):
    """img.vea-cdn.com: one file a size, `<slug>_<px>.jpg`."""
    host, folder = site.host("img.vea-cdn.com"), "/img/artists/a87c1de"
    picture = Picture(name, f"{site.base(host.name)}{folder}/{slug}_{named}.jpg",
                      max(widths), height * max(widths) // width)
    for w in widths:
        host.resources[f"{folder}/{slug}_{w}.jpg"] = _image(
            lambda w=w: pictures.source_bytes(picture, w))
    return picture


def form_b(site, name, slug, widths=(500, 1500), named=500, width=1600, height=1280):
    """cdn.vegaseventsapi.com: `/images/<slug>/<px>.jpg`."""
    host = site.host("cdn.vegaseventsapi.com")
    picture = Picture(name, f"{site.base(host.name)}/images/{slug}/{named}.jpg",
                      max(widths), height * max(widths) // width)
    for w in widths:
        host.resources[f"/images/{slug}/{w}.jpg"] = _image(
            lambda w=w: pictures.source_bytes(picture, w))
    return picture


def direct(site, name, host, path, width=1600, height=1280, kind="jpeg", serve_as="image/jpeg",
           url=None):
    """One file, one size."""
    picture = Picture(name, url or f"{site.base(host)}{path}", width, height, kind)
    site.host(host).resources[path] = _image(lambda: pictures.source_bytes(picture), serve_as)
    return picture


def _chain(host, find):
    earlier = host.dynamic
    host.dynamic = (lambda path: find(path) or earlier(path)) if earlier else find
