#!/usr/bin/python3
"""Writes what the networks of a checkpoint make of the small page and the words of a golden folder, for the tests to compare with.

Reads page.pgm and words.txt there; writes vectors.f32 and saliency.f32 (all cells, row by row), kept.txt (numbers of the cells that
are left after merging) and words.f32, little-endian float32. Run it again whenever the weights change.
"""

import argparse
import os

import numpy as np
import torch
from PIL import Image

import model
from evaluate import kept_cells


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--folder", required=True, help="tests/golden/page-words")
    options = parser.parse_args()
    page, word, _ = model.load(options.checkpoint)
    picture = np.asarray(Image.open(os.path.join(options.folder, "page.pgm")))
    height, width = picture.shape
    ink = torch.zeros(1, 1, -(-height // 16) * 16, -(-width // 16) * 16)
    ink[0, 0, :height, :width] = (255 - torch.from_numpy(picture.astype(np.float32))) / 255
    vectors, saliency = page(ink)
    with open(os.path.join(options.folder, "words.txt"), encoding="utf-8") as file:
        spelled = word(model.spell(file.read().split()))
    for name, values in (("vectors", vectors), ("saliency", saliency), ("words", spelled)):
        values.numpy().astype("<f4").tofile(os.path.join(options.folder, f"{name}.f32"))
    with open(os.path.join(options.folder, "kept.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{cell}\n" for cell in kept_cells(vectors[0], saliency[0]).reshape(-1).nonzero()[:, 0].tolist())


if __name__ == "__main__":
    main()
