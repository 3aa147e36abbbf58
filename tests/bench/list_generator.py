# SPDX-License-Identifier: MIT
"""Lists of specimens' images in the shape of GBIF's multimedia.txt: 545 hosts of very unequal size,
87 % of the specimens with one image, one image in eight named twice (manifest and image), so that
about 88 % of the rows are distinct images."""
import random

HEADER = ("gbifID\ttype\tformat\tidentifier\treferences\ttitle\tdescription\tsource\taudience\t"
          "created\tcreator\tcontributor\tpublisher\tlicense\trightsHolder\n")
HOSTS = [f"herbarium{number:03}.example.org" for number in range(545)]


def urls(chance, host, gbif_id, ordinal):
    kind = chance.random()
    if kind >= 0.5:
        return [f"https://{host}/images/herbarium/{gbif_id % 1000}/{gbif_id % 997}/"
                f"{gbif_id:08}_{ordinal}_large.jpg"]
    image = f"https://{host}/iiif/2/collection{gbif_id % 97}/E{gbif_id % 10**8:08}_{ordinal}"
    if kind >= 0.13:
        return [f"{image}/full/max/0/default.jpg"]
    return [f"{image}/manifest.json", f"{image}/full/1600,/0/default.jpg"]


def lines(rows, seed=1):
    """That many lines without the header, in order of gbifID; (line, distinct images so far)."""
    chance, gbif_id, made, distinct = random.Random(seed), 1_000_000_000, 0, 0
    while True:
        gbif_id += chance.randint(1, 40)
        host = HOSTS[int(len(HOSTS) * chance.random() ** 3)]
        for ordinal in range(1 if chance.random() < 0.87 else chance.randint(2, 4)):
            distinct += 1
            for url in urls(chance, host, gbif_id, ordinal):
                yield (f"{gbif_id}\tStillImage\timage/jpeg\t{url}\thttps://{host}/s/{gbif_id}\t\t\t"
                       f"\t\t2011-05-04\tA. Botanist\t\tHerbarium {gbif_id % 50}\t"
                       "http://creativecommons.org/licenses/by/4.0/legalcode\tThe Herbarium\n",
                       distinct)
                made += 1
                if made == rows:
                    return


def write(path, rows, seed=1):
    """Writes a list; how many distinct images it names."""
    with open(path, "w", encoding="utf-8", buffering=1 << 20) as out:
        out.write(HEADER)
        for line, distinct in lines(rows, seed):
            out.write(line)
    return distinct


def shuffle(source, target, seed=2):
    """The same lines in another order."""
    with open(source, "rb") as lines_of:
        header, *rest = lines_of.readlines()
    random.Random(seed).shuffle(rest)
    with open(target, "wb", buffering=1 << 20) as out:
        out.write(header)
        out.writelines(rest)
