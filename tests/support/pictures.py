# SPDX-License-Identifier: MIT
"""Pictures for the test sites: an artist's name, large, on a colourful ground. Deterministic."""
import colorsys
import functools
import hashlib
import io
import math
import struct
import zlib

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps


def _seed(name):
    return hashlib.sha256(name.encode()).digest()


def _colours(seed):
    hue = seed[0] / 255
    turn = 0.12 + seed[1] / 255 * 0.3
    make = lambda h, l, s: tuple(round(255 * c) for c in colorsys.hls_to_rgb(h % 1, l, s))
    return make(hue, 0.32, 0.75), make(hue + turn, 0.58, 0.8), make(hue + 2 * turn, 0.45, 0.7)


def _font(size):
    try:
        return ImageFont.truetype("DejaVuSans-Bold.ttf", size)
    except OSError:
        return ImageFont.load_default()


def _draw_name(image, name):
    words, lines = name.split(), []
    for word in words:  # short lines: the name has to be readable on a contact sheet
        if lines and len(lines[-1]) + len(word) < 9:
            lines[-1] += " " + word
        else:
            lines.append(word)
    text = "\n".join(lines)
    draw = ImageDraw.Draw(image)
    size = image.height // 3
    while size > 12:
        box = draw.multiline_textbbox((0, 0), text, font=_font(size), spacing=size // 6)
        if box[2] - box[0] <= image.width * 0.86 and box[3] - box[1] <= image.height * 0.7:
            break
        size = size * 9 // 10
    at = ((image.width - box[0] - box[2]) // 2, (image.height - box[1] - box[3]) // 2)
    shade = max(2, size // 24)
    style = {"font": _font(size), "spacing": size // 6, "align": "center"}
    draw.multiline_text((at[0] + shade, at[1] + shade), text, fill=(0, 0, 0), **style)
    draw.multiline_text(at, text, fill=(255, 255, 255), **style)


@functools.lru_cache(maxsize=None)
def artwork(name, width, height):
    """The picture as it is to be seen."""
    seed = _seed(name)
    first, second, third = _colours(seed)
    slope = Image.linear_gradient("L").resize((width, height))
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    image = Image.composite(Image.new("RGB", slope.size, second),
                            Image.new("RGB", slope.size, first), slope)
    image = Image.composite(Image.new("RGB", slope.size, third), image,
                            across.point(lambda v: v // 2))
    light = Image.new("RGB", (width // 4, height // 4))
    draw = ImageDraw.Draw(light)
    for i in range(5):
        angle = seed[3 + i] / 255 * 2 * math.pi
        reach = light.height * (0.15 + seed[9 + i] / 255 * 0.35)
        x = light.width * (0.5 + 0.45 * math.cos(angle))
        y = light.height * (0.5 + 0.45 * math.sin(angle))
        tint = tuple(c // 5 for c in (second if i % 2 else third))
        spot = Image.new("RGB", light.size)
        ImageDraw.Draw(spot).ellipse((x - reach, y - reach, x + reach, y + reach), fill=tint)
        light = ImageChops.add(light, spot)
    image = ImageChops.add(image, light.resize(image.size, Image.BILINEAR))
    _draw_name(image, name)
    return image


def _encode(image, **options):
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


@functools.lru_cache(maxsize=None)
def jpeg(name, width, height, shown_width=None):
    """A JPEG of the artwork; `shown_width`: scaled down to that width, as a CDN does."""
    image = artwork(name, width, height)
    if shown_width and shown_width < width:
        image = image.resize((shown_width, round(height * shown_width / width)), Image.LANCZOS)
    return _encode(image, format="JPEG", quality=88)


@functools.lru_cache(maxsize=None)
def rotated_jpeg(name, width, height):
    """Stored lying on its side, with EXIF orientation 6; seen as width x height."""
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = artwork(name, width, height).transpose(Image.ROTATE_90)
    return _encode(lying, format="JPEG", quality=88, exif=exif.tobytes())


def _disc(width, height):
    mask = Image.new("L", (width, height), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, width - 1, height - 1), fill=255)
    return mask


@functools.lru_cache(maxsize=None)
def transparent_png(name, width, height):
    """A PNG that is transparent outside of an ellipse; on white: see `as_published`."""
    image = artwork(name, width, height).copy()
    image.putalpha(_disc(width, height))
    return _encode(image, format="PNG", compress_level=1)


def source_bytes(picture, shown_width=None):
    """The file that a host serves for a site_model.Picture."""
    if picture.kind == "png":
        return transparent_png(picture.name, picture.width, picture.height)
    if picture.kind == "exif":
        return rotated_jpeg(picture.name, picture.width, picture.height)
    return jpeg(picture.name, picture.width, picture.height, shown_width)


def as_published(picture, width, height):
    """What a rendition of the picture has to look like: upright, on white."""
    image = artwork(picture.name, picture.width, picture.height)
    if picture.kind == "png":
        white = Image.new("RGB", image.size, (255, 255, 255))
        image = Image.composite(image, white, _disc(*image.size))
    return image.resize((width, height), Image.LANCZOS)


def difference(image, wanted):
    """Mean absolute difference of two pictures of one size, 0 to 255, coarse detail only."""
    small = (32, 32)
    delta = ImageChops.difference(image.convert("RGB").resize(small, Image.BOX),
                                  wanted.convert("RGB").resize(small, Image.BOX))
    values = ImageOps.grayscale(delta).tobytes()
    return sum(values) / len(values)


def png_header(width, height):
    """The first bytes of a PNG of any claimed size, with a little data after it."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
            + chunk(b"IDAT", zlib.compress(bytes(1 << 20), 0)[:4096]) + chunk(b"IEND", b""))
