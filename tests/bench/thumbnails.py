#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""CPU of a thumbnail: 200 JPEGs of 3000 x 2000 to 240 and to 1024 px, the three sizes 240, 500 and
1500 from each, and PNGs with alpha to the same three, against vipsthumbnail, sharp and ImageMagick.

    ./dev bench thumbnails [--images 200] [--rounds 5] [--pngs 20]

One thread each; quality 82, progressive, no metadata. Interleaved; medians of CPU milliseconds an
image. SSIM (luma, windows of 7 x 7) against a Lanczos reduction of the whole picture, of the last
round. Peers that are not installed are left out (apt-get install libvips-tools imagemagick
python3-numpy; sharp where npm has put it, SHARP_MODULES names the folder)."""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import numpy
from PIL import Image, ImageFilter

from kit import timed

ROOT = pathlib.Path(__file__).resolve().parents[2]
OURS = ROOT / "build" / "release" / "tests" / "bench_thumbnails"
MODULES = pathlib.Path(os.environ.get(
    "SHARP_MODULES", pathlib.Path.home() / ".cache/vinny/cloudflare/node_modules"))

SHARP = """
const sharp = require(process.argv[2] + '/sharp');
sharp.concurrency(1); sharp.cache(false);
const [out, sizes, ...files] = process.argv.slice(3);
const wanted = sizes.split(',').map(Number).sort((a, b) => b - a);
(async () => {
  for (const file of files) {
    const stem = file.split('/').pop().split('.')[0];
    const save = (image, width) => image.flatten({background: '#fff'})
      .jpeg({quality: 82, progressive: true}).toFile(`${out}/${stem}_${width}.jpg`);
    if (wanted.length === 1) {
      await save(sharp(file).resize({width: wanted[0], withoutEnlargement: true}), wanted[0]);
      continue;
    }
    // The best way of several: one decode to the largest, and the others from that.
    const {data, info} = await sharp(file).resize({width: wanted[0], withoutEnlargement: true})
      .raw().toBuffer({resolveWithObject: true});
    const raw = {raw: {width: info.width, height: info.height, channels: info.channels}};
    for (const width of wanted) await save(sharp(data, raw).resize({width}), width);
  }
})();
"""


def pictures(folder, count):
    """Photograph-like: noise at several scales, in colour, as a camera's file is."""
    out = []
    for n in range(count):
        path = folder / f"p{n}.jpg"
        if n < 8:
            whole = Image.new("RGB", (3000, 2000))
            for scale, weight in ((8, 0.5), (60, 0.3), (2, 0.25)):
                bands = [Image.effect_noise((3000 // scale, 2000 // scale), 90).resize(
                    (3000, 2000), Image.BICUBIC) for _ in range(3)]
                whole = Image.blend(whole, Image.merge("RGB", bands), weight)
            whole.filter(ImageFilter.SMOOTH).save(path, quality=90, subsampling=2)
        else:
            shutil.copy(folder / f"p{n % 8}.jpg", path)
        out.append(path)
    return out


def drawings(folder, count):
    out = []
    for n in range(count):
        path = folder / f"d{n}.png"
        if n < 4:
            bands = [Image.effect_noise((250, 250), 80).resize((2000, 2000), Image.BICUBIC)
                     for _ in range(4)]
            Image.merge("RGBA", bands).save(path)
        else:
            shutil.copy(folder / f"d{n % 4}.png", path)
        out.append(path)
    return out


def vinny(out, sizes, files):
    return timed([OURS, out, ",".join(map(str, sizes)), *files])


def vips(out, sizes, files):
    sums = [timed(["vipsthumbnail", *files, "--size", f"{width}x>", "--output",
                   f"{out}/%s_{width}.jpg[Q=82,interlace,strip,background=255]"],
                  env={**os.environ, "VIPS_CONCURRENCY": "1"}) for width in sizes]
    return tuple(sum(one) for one in zip(*sums))


def sharp(out, sizes, files):
    return timed(["node", "-e", SHARP, "x", MODULES, out, ",".join(map(str, sizes)), *files])


def magick(out, sizes, files):
    took = cpu = 0
    for width in sizes:
        for file in files:
            one = timed(["/usr/bin/convert", "-limit", "thread", "1", "-define",
                         f"jpeg:size={width * 2}x{width * 2}", file, "-background", "white", "-flatten",
                         "-filter", "Lanczos", "-resize", f"{width}x>", "-strip", "-interlace", "Plane",
                         "-quality", "82", f"{out}/{file.stem}_{width}.jpg"])
            took, cpu = took + one[0], cpu + one[1]
    return took, cpu


def ssim(made, reference):
    """Mean structural similarity of two grey pictures, in windows of 7 x 7."""
    a, b = (numpy.asarray(i.convert("L"), dtype=numpy.float64) for i in (made, reference))

    def mean(x):
        sums = numpy.cumsum(numpy.cumsum(numpy.pad(x, ((1, 0), (1, 0))), 0), 1)
        return (sums[7:, 7:] - sums[:-7, 7:] - sums[7:, :-7] + sums[:-7, :-7]) / 49

    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    c1, c2 = 6.5025, 58.5225
    return float(numpy.mean((2 * ma * mb + c1) * (2 * cov + c2) /
                            ((ma * ma + mb * mb + c1) * (va + vb + c2))))


def likeness(out, files, width):
    found = []
    for file in files[:8]:
        source = Image.open(file)
        if source.mode == "RGBA":
            white = Image.new("RGBA", source.size, "white")
            source = Image.alpha_composite(white, source)
        made = Image.open(out / f"{file.stem}_{width}.jpg")
        wanted = source.convert("RGB").resize(made.size, Image.LANCZOS)
        found.append(ssim(made, wanted))
    return statistics.mean(found)


def compare(title, sizes, files, rounds, root, programs):
    figures = {name: [] for name in programs}
    for number in range(rounds):
        for name, draw in sorted(programs.items(), reverse=number % 2 == 1):
            out = root / name
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            some = files[:max(4, len(files) // 10)] if name == "magick" else files
            figures[name].append(draw(out, sizes, some)[1] / len(some) * 1000)
    middle = {name: statistics.median(all_of_it) for name, all_of_it in figures.items()}
    print(title)
    for name, ms in sorted(middle.items(), key=lambda one: one[1]):
        similar = ", ".join(f"{likeness(root / name, files[:4], w):.4f}" for w in sizes)
        print(f"  {name:8} {ms:8.2f} ms CPU an image   SSIM {similar}")
    for name, ms in middle.items():
        if name != "vinny":
            print(f"  against {name}: {middle['vinny'] / ms:.2f} of its CPU")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--pngs", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    subprocess.run(["cmake", "--build", "--preset", "release", "--target", "bench_thumbnails"],
                   cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    programs = {"vinny": vinny}
    if shutil.which("vipsthumbnail"):
        programs["vips"] = vips
    if (MODULES / "sharp").is_dir() and shutil.which("node"):
        programs["sharp"] = sharp
    if pathlib.Path("/usr/bin/convert").exists():
        programs["magick"] = magick
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    root = pathlib.Path(tempfile.mkdtemp(prefix="vinny-thumbnails-", dir=memory))
    try:
        photos, alpha = pictures(root, wanted.images), drawings(root, wanted.pngs)
        print(f"{len(photos)} JPEGs of {photos[0].stat().st_size // 1000} KB, {len(alpha)} PNGs of "
              f"{alpha[0].stat().st_size // 1000} KB")
        for width in (240, 1024):
            compare(f"{width} px", [width], photos, wanted.rounds, root, programs)
        compare("240, 500 and 1500 px", [240, 500, 1500], photos, wanted.rounds, root, programs)
        compare("PNG with alpha to 240, 500 and 1500 px", [240, 500, 1500], alpha, wanted.rounds,
                root, programs)
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
