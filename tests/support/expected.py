# SPDX-License-Identifier: MIT
"""What a sync of a site has to give, computed from the site's definition alone: the rows of the
five tables (without timestamps) and the files with their pixel sizes."""
import hashlib
import re
import unicodedata
import uuid

PUBLIC_URL = "https://img.vinny.vegas"
BOXES = (("main", 500), ("hd", 1500))
LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "đ": "d", "þ": "th", "æ": "ae", "œ": "oe",
                         "Ø": "o", "Ł": "l", "ẞ": "ss", "Đ": "d", "Þ": "th", "Æ": "ae", "Œ": "oe"})
KEYS = {"artists": ("id",), "events": ("id",), "event_artists": ("event_id", "artist_id"),
        "images": ("artist_id", "venue_tag", "size"), "table_tiers": ("event_id", "tier")}
TIMESTAMPS = {"scraped_at", "created_at", "updated_at"}


class AnyOf(frozenset):
    """A value where the contract leaves a choice, e.g. an artist's picture of two venues."""

    def __eq__(self, other):
        return frozenset.__eq__(self, other) if isinstance(other, AnyOf) else other in self

    def __ne__(self, other):
        return not self == other

    __hash__ = frozenset.__hash__


def slugify(name, fallback="artist"):
    folded = unicodedata.normalize("NFKD", name.translate(LETTERS))
    kept = "".join(c for c in folded if not unicodedata.combining(c)).translate(LETTERS).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", kept).strip("-")[:80].strip("-")
    if slug:
        return slug
    return f"{fallback}-{hashlib.sha256(name.strip().lower().encode()).hexdigest()[:8]}"


def uuid_of(key):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, key))


def fit(width, height, box):
    """Fits a picture into a square box; never enlarges. Test pictures divide without a rest."""
    if max(width, height) <= box:
        return width, height
    scaled = (width * box / max(width, height), height * box / max(width, height))
    assert all(v == int(v) for v in scaled), f"{width}x{height} does not divide at {box}"
    return int(scaled[0]), int(scaled[1])


def composite_keys(site):
    """Event -> key. Of two sets on one day, the later start gets `-2`."""
    groups = {}
    for event in site.events:
        venue = site.venue(event.venue)
        key = f"{event.day}-{slugify(event.headliner)}-{slugify(venue.name, 'venue')}"
        groups.setdefault(key, []).append(event)
    out = {}
    for key, events in groups.items():
        for n, event in enumerate(sorted(events, key=lambda e: e.time or "")):
            out[id(event)] = key if n == 0 else f"{key}-{n + 1}"
    return out


def expected_pictures(site):
    """(tag, slug) -> Picture: an image on an event page belongs to its headliner."""
    out = {}
    for event in site.events:
        if event.picture:
            key = (event.venue, slugify(event.headliner))
            assert out.setdefault(key, event.picture).url == event.picture.url, key
    return out


def expected_files(site):
    """Path under data_dir -> (width, height), of each rendition."""
    return {f"artists/{slug}/{slug}_{tag}_{label}.jpg": fit(p.width, p.height, box)
            for (tag, slug), p in expected_pictures(site).items() for label, box in BOXES}


def picture_of_file(site, path):
    slug, tag, _ = path.rpartition("/")[2].rsplit("_", 2)
    return expected_pictures(site)[(tag, slug)]


def expected_rows(site, public_url=PUBLIC_URL):
    """Table -> list of rows in key order. `images` lacks bytes and sha256: those are the file's."""
    keys, images = composite_keys(site), expected_pictures(site)
    tables = {name: [] for name in KEYS}

    def url(slug, tag, label):
        return f"{public_url}/artists/{slug}/{slug}_{tag}_{label}.jpg"

    names = {}
    for event in site.events:
        venue, key = site.venue(event.venue), keys[id(event)]
        slugs = [slugify(p) for p in event.performers]
        names.update((s, n) for s, n in zip(slugs, event.performers) if s not in names)
        has_image = (event.venue, slugs[0]) in images
        tables["events"].append({
            "id": uuid_of(key), "composite_key": key, "title": event.name,
            "description": event.description, "event_date": str(event.day),
            "event_time": event.time, "starts_at": event.starts_at(venue.time_zone),
            "venue": venue.name, "venue_id": slugify(venue.name, "venue"),
            "venue_tag": venue.tag, "url": site.base(venue.host) + event.path,
            "artist_name": event.headliner, "artist_slug": slugs[0],
            "artist_image_url": url(slugs[0], event.venue, "hd") if has_image else None,
            "status": event.status})
        tables["event_artists"] += [
            {"event_id": uuid_of(key), "artist_id": uuid_of(s), "sort_order": n,
             "role": "support" if n else "headliner"} for n, s in enumerate(slugs)]
        tables["table_tiers"] += [
            {"event_id": uuid_of(key), "venue_id": slugify(venue.name, "venue"), "tier": t.name,
             "price": t.price, "guests": t.guests,
             "available": None if t.available is None else int(t.available)} for t in event.tiers]
    for slug, name in names.items():
        urls = AnyOf(url(slug, tag, "hd") for tag, s in images if s == slug)
        tables["artists"].append({"id": uuid_of(slug), "slug": slug, "name": name, "bio": None,
                                  "image": urls or None})
    for (tag, slug), picture in images.items():
        for label, box in BOXES:
            width, height = fit(picture.width, picture.height, box)
            tables["images"].append({
                "artist_id": uuid_of(slug), "venue_tag": tag, "size": label,
                "r2_url": url(slug, tag, label), "mime_type": "image/jpeg",
                "width": width, "height": height})
    for name, rows in tables.items():
        rows.sort(key=lambda r: [r[k] for k in KEYS[name]])
    return tables
