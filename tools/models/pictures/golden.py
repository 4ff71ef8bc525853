"""Writes tests/golden/pictures: what the PyTorch pair of the pictures model makes of texts and of drawn pictures.

    python3 golden.py RECIPE_FOLDER OUT_FOLDER

texts.txt, texts.f32 [texts, 256]; pictures.f32 [3, 256] for the pictures p(x, y, c) = (a x + b y + 29 c + (x y mod 31)) mod 256 of
144 x 144 pixels with (a, b) = (7, 13), (1, 0), (0, 3), squared to 72 pixels by Pillow's bilinear resize, values in [0, 1].
"""
import sys

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, sys.argv[1])
from model import Clip, tokenize  # noqa: E402

torch.set_num_threads(1)
pair = Clip()
pair.load_state_dict(torch.load(f"{sys.argv[1]}/checkpoint.pt")["m"])
pair.eval()
texts = ["a red dog", "flag of japan", "Photo of a strawberry!", "bicycle", "internationalization", "1 2 3", "", " ".join(["word"] * 20)]
tensors = []
for a, b in ((7, 13), (1, 0), (0, 3)):
    y, x, c = np.meshgrid(np.arange(144), np.arange(144), np.arange(3), indexing="ij")
    pixels = ((a * x + b * y + 29 * c + (x * y) % 31) % 256).astype(np.uint8)
    small = np.asarray(Image.fromarray(pixels).resize((72, 72), Image.BILINEAR), np.float32) / 255
    tensors.append(small.transpose(2, 0, 1))
with torch.no_grad():
    pair.vision(torch.from_numpy(np.stack(tensors)).contiguous())[0].numpy().astype("<f4").tofile(f"{sys.argv[2]}/pictures.f32")
    pair.text(tokenize(texts))[0].numpy().astype("<f4").tofile(f"{sys.argv[2]}/texts.f32")
open(f"{sys.argv[2]}/texts.txt", "w").write("\n".join(texts) + "\n")
