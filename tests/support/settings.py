# SPDX-License-Identifier: MIT
"""Writes vinny.toml for a site that an origin serves."""
import json


def _value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def _table(name, values):
    return [f"[{name}]"] + [f"{k} = {_value(v)}" for k, v in values.items()] + [""]


def venue_table(site, venue):
    values = {"tag": venue.tag, "name": venue.name, "aliases": venue.aliases,
              "extractor": venue.extractor, "sitemap": site.base(venue.host) + venue.sitemap,
              "time_zone": venue.time_zone, "image_hosts": venue.image_hosts}
    return ["[[venue]]"] + [f"{k} = {_value(v)}" for k, v in values.items()] + [""]


def silent_venues(site):
    """Shipped venues that the site does not replace: they get no sitemap and so no requests."""
    shipped = ("liv livb xs ebc ebcn hakkasan omnia omnia-dayclub marquee marquee-dayclub tao "
               "tao-beach jewel wet-republic palm-tree").split()
    own = {v.tag for v in site.venues}
    out = []
    for tag in (t for t in shipped if t not in own):
        out += ["[[venue]]", f"tag = {_value(tag)}", f"name = {_value('Closed ' + tag)}",
                'sitemap = ""', ""]
    return out


def render(site, connect_to, data_dir, ca_file=None, socket=None, listen="", token_file="",
           **overrides):
    """`overrides`: section -> {key: value}, laid over what tests need. A value of None takes a
    key out."""
    sections = {
        "http": {"ca_file": str(ca_file)} if ca_file else {},  # connect_to is the operator's word:
        # private addresses stay refused for everything else
        "politeness": {}, "images": {}, "store": {"kind": "directory", "directory": "public"},
        "control": {}}
    if socket:
        sections["control"]["socket"] = str(socket)
    if listen:
        sections["control"].update(listen=listen, token_file=str(token_file))
    for section, values in overrides.items():
        sections.setdefault(section, {}).update(values)
    lines = [f"data_dir = {_value(str(data_dir))}", 'contact = "tests@example.org"', ""]
    for name, values in sections.items():
        kept = {k: v for k, v in values.items() if v is not None}
        if kept:
            lines += _table(name, kept)
    lines += ["[http.connect_to]"] + [f"{_value(k)} = {_value(v)}" for k, v in connect_to.items()]
    lines += [""] + [l for v in site.venues for l in venue_table(site, v)] + silent_venues(site)
    return "\n".join(lines)
