# SPDX-License-Identifier: MIT
"""One event in each of the forms in which sites write it into their pages."""
import datetime
import html as html_text
import json

LAS_VEGAS = {"@type": "PostalAddress", "addressLocality": "Las Vegas", "addressRegion": "NV"}
escape = html_text.escape


def document(title, body="", head=""):
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(title)}</title>\n{head}\n</head>\n<body>\n{body}\n</body></html>\n")


def script(data, kind="application/ld+json"):
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, indent=1)
    return f'<script type="{kind}">{text}</script>'


def place(name, address=None):
    return {"@type": "Place", "name": name, **({"address": address} if address else {})}


def start_text(event, zone, form="local"):
    """startDate as pages write it: date, local (no zone), seconds, offset, utc, us."""
    if event.time is None or form == "date":
        return event.day.isoformat()
    if form == "us":
        clock = datetime.time.fromisoformat(event.time).strftime("%I:%M %p").lstrip("0")
        return f"{event.day:%B} {event.day.day}, {event.day.year} {clock}"
    full = datetime.datetime.fromisoformat(event.starts_at(zone))
    if form == "utc":
        return full.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if form == "offset":
        return full.isoformat()
    return f"{event.day}T{event.time}" + (":00" if form == "seconds" else "")


def offer(tier):
    """A table tier as a schema.org Offer; each in another of the usual spellings."""
    out = {"@type": "Offer", "name": tier.name}
    if tier.price is not None:
        big = tier.price >= 2000
        out["price"] = f"${tier.price:,.2f}" if big else tier.price
        out["priceCurrency"] = "USD"
    if tier.guests is not None:
        out["eligibleQuantity"] = {"@type": "QuantitativeValue", "maxValue": tier.guests}
    if tier.available is not None:
        out["availability"] = ("https://schema.org/InStock" if tier.available
                               else "http://schema.org/SoldOut")
    return out


def json_ld(event, venue, base, start="local", performers="string", location=None,
            kind="MusicEvent", image="string", **more):
    """The event as a JSON-LD object. `more` is laid over it."""
    names = list(event.performers)
    if performers == "object":
        acts = [{"@type": "MusicGroup", "name": n} for n in names]
    else:
        acts = names
    out = {"@context": "https://schema.org", "@type": kind, "name": event.name,
           "startDate": start_text(event, venue.time_zone, start),
           "location": location or place(venue.name, LAS_VEGAS),
           "performer": acts if len(acts) > 1 else acts[0],
           "url": base + event.path}
    if event.description:
        out["description"] = escape(event.description)
    if event.picture:
        url = event.picture.url
        out["image"] = {"string": url, "array": [url],
                        "object": {"@type": "ImageObject", "url": url, "width": 500}}[image]
    if event.tiers:
        out["offers"] = [offer(t) for t in event.tiers]
    out.update(more)
    return out


def json_ld_page(event, *blocks, head=""):
    """A page with its JSON-LD blocks, each an object, a list or text as it stands."""
    body = f"<h1>{escape(event.name)}</h1>\n" + "\n".join(script(b) for b in blocks)
    return document(event.name, body, head)


def og_page(event, title, head="", body=""):
    """og:* only; the date is in the URL's event code."""
    metas = [("og:type", "event"), ("og:title", title)]
    if event.picture:
        metas.append(("og:image", event.picture.url))
    lines = "\n".join(f'<meta property="{p}" content="{escape(c)}">' for p, c in metas)
    return document(title, body or f"<p>{escape(title)}</p>", lines + head)


def microdata_page(event, venue, start="local", itemref=False):
    """Microdata, with nested items for performers and place."""
    group = 'itemscope itemtype="http://schema.org/MusicGroup"'
    acts = "\n".join(f'<span itemprop="performer" {group}><span itemprop="name">{escape(n)}</span>'
                     f'</span>' for n in event.performers)
    where = (f'<div {"id=where " if itemref else ""}itemprop="location" itemscope '
             f'itemtype="https://schema.org/Place">'
             f'<b itemprop="name">{escape(venue.name)}</b></div>')
    text = start_text(event, venue.time_zone, start)
    when = (f'<span itemprop="startDate">{text}</span>' if start == "us"
            else f'<time itemprop="startDate" datetime="{text}">soon</time>')
    more = ""
    if event.description:
        more += f'<p itemprop="description">{escape(event.description)}</p>\n'
    if event.picture:
        more += f'<img itemprop="image" src="{escape(event.picture.url)}" alt="">\n'
    ref = ' itemref="where"' if itemref else ""
    body = (f'<div itemscope itemtype="http://schema.org/MusicEvent"{ref}>\n'
            f'<h1 itemprop="name">{escape(event.name)}</h1>\n{when}\n{acts}\n{more}'
            f'<a itemprop="url" href="{event.path}">Details</a>\n'
            f'{"" if itemref else where}\n</div>\n{where if itemref else ""}')
    return document(event.name, body)


def calendar_cell(event):
    """A cell of a UrVenue calendar. The flyer's folder and file make a form C image URL."""
    folder, _, file = event.picture.url.rpartition("/")
    folder = folder.rpartition("/")[0]
    return (f'<td class="uvcaldate uvtddate-{event.day}"><a class="uvjs flyer" href="{event.path}" '
            f'data-folder="{folder}" data-file="{file}"><div class="uv-cellover">'
            f'<span class="ddate">{event.day.day}</span>'
            f'<span class="name">{escape(event.name)}</span></div></a>'
            f'<a class="datelink" href="{event.path}?book=1">Book</a></td>')


def calendar_page(title, events, empty_days):
    """A month of cells; days without an event have only a booking link."""
    cells = [calendar_cell(e) for e in events]
    cells += [f'<td class="uvtddate-{d}"><a class="datelink" href="/book/?d={d}">Book</a></td>'
              for d in empty_days]
    return document(title, "<table><tr>" + "</tr>\n<tr>".join(cells) + "</tr></table>")


def list_item(event, venue_name, code):
    style = (f'<div class="uv-lazyimage" data-bg="{event.picture.url}"></div>'
             if event.picture else "")
    return (f'<li class="uv-carousel-item EventItem {code}">'
            f'<a href="{event.path}" aria-label="{escape(event.name)} at {escape(venue_name)}">'
            f'{style}</a><div class="uv-events-venue">{escape(venue_name)}</div></li>')


def list_page(title, items):
    return document(title, "<ul>\n" + "\n".join(items) + "\n</ul>")


def tables_script(tiers):
    """The embedded variable of Wynn's pages."""
    items = [{"name": t.name, "min_spend": f"{t.price:.0f}", "guests": str(t.guests),
              "available": bool(t.available)} for t in tiers]
    return script("var uv_other = {\"a\": [1, 2]};\nvar uv_tablesitems = "
                  + json.dumps(items) + ";\nvar after = '];';", "text/javascript")
