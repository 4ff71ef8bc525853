#!/usr/bin/python3
"""Draws pictures with words of many sizes, to measure at which sizes pictures should be read.

    scenes.py --out FOLDER [--count 80] [--photos FOLDER]

Each picture is a PPM file; scenes.json lists for each its words with box and em in pixels. Words are drawn from Python's own
documentation, each in one picture only, so that a word has one right answer. Backgrounds are photos where a folder of them is given,
else gradients with noise. Em is spread evenly on a logarithmic scale from 12 px to a tenth of the longer side, at least 40 px.
"""

import argparse
import glob
import json
import os
import pydoc_data.topics
import random
import re

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIZES = [(640, 480), (1280, 720), (1080, 1920), (1600, 1200), (3000, 2000)]
FONTS = sorted(glob.glob("/usr/share/fonts/truetype/dejavu/DejaVu*.ttf"))


def vocabulary(rng):
    text = " ".join(pydoc_data.topics.topics[key] for key in sorted(pydoc_data.topics.topics))
    words = sorted({word for word in re.findall(r"[a-z]+", text) if 5 <= len(word) <= 14})
    rng.shuffle(words)
    return words


def background(rng, size, photos):
    width, height = size
    if photos:
        photo = Image.open(rng.choice(photos)).convert("RGB").resize(size, Image.BICUBIC)
        return photo
    start, end = (np.array([rng.randint(60, 255) for _ in range(3)]) for _ in range(2))
    slope = np.linspace(0, 1, width)[None, :, None] * np.linspace(0.3, 1, height)[:, None, None]
    noise = np.random.RandomState(rng.randint(0, 2**31)).randn(height, width, 1) * 6
    return Image.fromarray((start + (end - start) * slope + noise).clip(0, 255).astype(np.uint8))


def draw(rng, size, photos, words):
    picture = background(rng, size, photos)
    pen = ImageDraw.Draw(picture)
    taken, found = [], []
    largest = max(40, max(size) // 10)
    for _ in range(rng.randint(4, 8)):
        em = int(12 * (largest / 12) ** rng.random())
        font = ImageFont.truetype(rng.choice(FONTS), em)
        word = words.pop()
        left, top, right, bottom = pen.textbbox((0, 0), word, font=font)
        width, height = right - left + 8, bottom - top + 8
        for _ in range(40):
            if width >= size[0] or height >= size[1]:
                break
            x, y = rng.randrange(size[0] - width), rng.randrange(size[1] - height)
            box = (x, y, x + width, y + height)
            if all(box[2] < b[0] or b[2] < box[0] or box[3] < b[1] or b[3] < box[1] for b in taken):
                # A plate behind the word half of the time, as on signs; else the word lies on the picture.
                if rng.random() < 0.5:
                    pen.rectangle(box, fill=(245, 245, 245))
                    ink = (20, 20, 20)
                else:
                    shade = np.asarray(picture.crop(box).convert("L")).mean()
                    ink = (15, 15, 15) if shade > 128 else (245, 245, 245)
                pen.text((x + 4 - left, y + 4 - top), word, font=font, fill=ink)
                taken.append(box)
                found.append({"word": word, "em": em, "box": [box[0] / size[0], box[1] / size[1], box[2] / size[0], box[3] / size[1]]})
                break
    return picture, found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--count", type=int, default=80)
    parser.add_argument("--photos", help="folder of JPEG files for backgrounds")
    options = parser.parse_args()
    rng = random.Random(11)
    words = vocabulary(rng)
    photos = sorted(glob.glob(os.path.join(options.photos, "**", "*.jpg"), recursive=True)) if options.photos else []
    os.makedirs(options.out, exist_ok=True)
    scenes = []
    for index in range(options.count):
        picture, found = draw(rng, SIZES[index % len(SIZES)], photos, words)
        picture.save(os.path.join(options.out, f"{index:03}.ppm"))
        scenes.append({"file": f"{index:03}.ppm", "words": found})
    with open(os.path.join(options.out, "scenes.json"), "w", encoding="utf-8") as file:
        json.dump(scenes, file, indent=1)
    print(f"{len(scenes)} pictures, {sum(len(scene['words']) for scene in scenes)} words in {options.out}")


if __name__ == "__main__":
    main()
