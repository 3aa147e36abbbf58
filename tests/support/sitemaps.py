# SPDX-License-Identifier: MIT
"""Sitemaps in their forms, rendered from a host's entries at the moment of the request."""
import gzip
from xml.sax.saxutils import escape

from site_model import Resource

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"


def lastmod_forms(day):
    """The forms of a W3C datetime, from coarse to fine, and none."""
    return (f"{day.year}", f"{day:%Y-%m}", f"{day}", f"{day}T08:15Z", f"{day}T08:15+02:00",
            f"{day}T08:15:30Z", f"{day}T08:15:30-07:00", f"{day}T08:15:30.45Z", None)


def urlset(base, entries, prefix="", image=None, spaced=False):
    p = prefix + ":" if prefix else ""
    declare = f'xmlns{":" + prefix if prefix else ""}="{NAMESPACE}"'
    if image:
        declare += f' xmlns:image="{IMAGES}"'
    lines = []
    for entry in entries:
        loc = escape(base + entry.path)
        loc = f"\n      {loc}\n    " if spaced else loc
        when = f"<{p}lastmod>{entry.lastmod}</{p}lastmod>" if entry.lastmod else ""
        extra = (f"<image:image><image:loc>{escape(image)}</image:loc></image:image>"
                 if image else "")
        lines.append(f"  <{p}url><{p}loc>{loc}</{p}loc>{when}"
                     f"<{p}changefreq>daily</{p}changefreq>{extra}</{p}url>")
    body = "\n".join(lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}urlset {declare}>\n{body}\n</{p}urlset>\n'


def index(locations, lastmod=None):
    when = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    body = "".join(f"<sitemap><loc>{escape(l)}</loc>{when}</sitemap>\n" for l in locations)
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<sitemapindex xmlns="{NAMESPACE}">\n{body}</sitemapindex>\n')


def text_form(base, entries):
    return "".join(f"{base}{entry.path}\n" for entry in entries)


def serve(host, path, render, kind="application/xml", packed=False, compress=False):
    """`render()` gives the text; `packed`: a .gz file; `compress`: Content-Encoding."""
    def body():
        raw = render().encode()
        return gzip.compress(raw, mtime=0) if packed else raw
    host.resources[path] = Resource(body, "application/gzip" if packed else kind,
                                    compress=compress)
