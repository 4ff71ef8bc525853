#!/usr/bin/python3
"""Prepares the training material: unpacks fonts and word list, then draws crops in parallel."""

import argparse
import json
import multiprocessing
import os
import random
import time

import numpy as np

import fonts
import packages
from drawing import CropSource
from text import TextSource, read_dictionary, read_running_text

CROPS_PER_SHARD = 512


def draw_shard(job):
    """Draws one shard from its own seed and puts it in place as a whole, so that training may read while drawing goes on."""
    work, seed, index = job
    folder = os.path.join(work, "crops", f"{seed}-{index:04}")
    if os.path.exists(folder):
        return index, 0
    rng = random.Random(f"{seed}-{index}")
    with open(os.path.join(work, "running-text.json"), encoding="utf-8") as file:
        running = json.load(file)
    text = TextSource(read_dictionary(os.path.join(work, "packages/wamerican/usr/share/dict/american-english")), running, rng)
    source = CropSource(text, fonts.FontSource(os.path.join(work, "packages"), rng), rng)
    ink, letters, owners, words = zip(*(source.draw() for _ in range(CROPS_PER_SHARD)))
    os.makedirs(folder + ".part", exist_ok=True)
    np.save(os.path.join(folder + ".part", "ink.npy"), np.stack(ink))
    np.save(os.path.join(folder + ".part", "letters.npy"), np.stack(letters))
    np.save(os.path.join(folder + ".part", "owners.npy"), np.stack(owners))
    with open(os.path.join(folder + ".part", "words.json"), "w", encoding="utf-8") as file:
        json.dump(words, file)
    os.rename(folder + ".part", folder)
    return index, sum(map(len, words))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True, help="folder for packages and crops; 40 kB a crop")
    parser.add_argument("--shards", type=int, default=80, help=f"shards of {CROPS_PER_SHARD} crops in all (default 80)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    options = parser.parse_args()
    os.makedirs(os.path.join(options.work, "crops"), exist_ok=True)
    for name, version in packages.unpack(packages.TRAINING_PACKAGES, os.path.join(options.work, "packages")).items():
        print(f"{name} {version}")
    running = os.path.join(options.work, "running-text.json")
    if not os.path.exists(running):
        with open(running, "w", encoding="utf-8") as file:
            json.dump(read_running_text(), file)
    started, word_count = time.time(), 0
    jobs = [(options.work, options.seed, i) for i in range(options.shards)]
    with multiprocessing.Pool(options.processes, maxtasksperchild=8) as pool:
        for index, words in pool.imap_unordered(draw_shard, jobs):
            word_count += words
            print(f"shard {index}: {words} words, {time.time() - started:.0f} s", flush=True)
    print(f"{options.shards * CROPS_PER_SHARD} crops, {word_count} words drawn in this run")


if __name__ == "__main__":
    main()
