#!/usr/bin/python3
"""Measures checkpoints on real PDF pages: words seen and never seen in training, numbers and codes, short phrases, near-spellings.

Every checkpoint gets the same pages and the same queries. The text layer of the PDFs is the truth. Words are scored as the
product scores them: cells with saliency above 0.5, neighbouring cells of one printed word merged, best cell per query word.
"""

import argparse
import glob
import html
import io
import json
import math
import os
import pickle
import random
import re
import subprocess
from collections import Counter, defaultdict

import numpy as np
import torch
from PIL import Image

import model
import packages
from spelling import Neighbours, fold, is_held_out, near_spellings, words_of
from text import read_dictionary

DOCUMENTS = ["R-exts", "R-intro", "auto-multiple-choice.en", "automultiplechoice", "contributor", "debian-reference.en", "developers-reference",
             "fhs-3.0", "gnuplot", "gri", "learning", "live-manual.landscape.en.letter", "policy", "users"]
SALIENCY, SAME_WORD, PRESENT = 0.5, 0.9, 0.75
PAGE_PATTERN = re.compile(r"<page [^>]*>(.*?)</page>", re.S)
WORD_PATTERN = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="[\d.-]+" yMax="[\d.-]+">(.*?)</word>')


def read_pages(work, per_document, dpi):
    """Renders consecutive pages of each document: (document, gray uint8 picture, lines of folded words)."""
    cache = os.path.join(work, f"pages-{per_document}-{dpi}.pickle")
    if os.path.exists(cache):
        with open(cache, "rb") as file:
            return pickle.load(file)
    packages.unpack(packages.EVALUATION_PACKAGES, os.path.join(work, "packages"))
    rng, pages = random.Random(5), []
    for document in DOCUMENTS:
        found = sorted(glob.glob(os.path.join(work, "packages", "**", document + ".pdf*"), recursive=True))
        if not found:
            raise SystemExit(f"{document}.pdf is not in the evaluation packages")
        path = found[0]
        if path.endswith(".gz"):
            path = os.path.join(work, document + ".pdf")
            with open(path, "wb") as file:
                file.write(subprocess.run(["gzip", "-dc", found[0]], capture_output=True, check=True).stdout)
        count = int(re.search(r"Pages:\s+(\d+)", subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout).group(1))
        skip = max(8, count // 8) if count > 45 else 2
        taken = min(per_document, count - skip)
        first = rng.randint(skip, count - taken)
        for number in range(first, first + taken):
            span = ["-f", str(number), "-l", str(number), path]
            layout = PAGE_PATTERN.search(subprocess.run(["pdftotext", "-bbox", *span, "-"], capture_output=True, text=True, check=True).stdout)
            lines = defaultdict(list)
            for _, top, word in WORD_PATTERN.findall(layout.group(1)):
                lines[round(float(top) / 2)] += words_of(html.unescape(word))
            if sum(len(w) for line in lines.values() for w in line) < 200:
                continue
            picture = subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", *span], capture_output=True, check=True).stdout
            pages.append((document, np.asarray(Image.open(io.BytesIO(picture))), list(lines.values())))
        print(f"{document}: {len(pages)} pages so far", flush=True)
    with open(cache, "wb") as file:
        pickle.dump(pages, file)
    return pages


class Queries:
    """The query sets, made once from the text layers by a fixed seed."""

    def __init__(self, pages, neighbours, seed=7):
        rng = random.Random(seed)
        self.pages_of = defaultdict(set)
        for number, (_, _, lines) in enumerate(pages):
            for word in (w for line in lines for w in line):
                self.pages_of[word].add(number)
        rare = sorted(w for w, held in self.pages_of.items() if len(held) <= 5 and len(w) <= model.MAX_WORD_LENGTH)
        words = [w for w in rare if len(w) >= 4 and w.isalpha()]
        codes = [w for w in rare if len(w) >= 3 and not w.isalpha()]
        rng.shuffle(words)
        rng.shuffle(codes)
        self.single = {"words": words[:300], "seen": [w for w in words if not is_held_out(w)][:300],
                       "unseen": [w for w in words if is_held_out(w)][:300], "codes": codes[:300]}
        self.phrases = self._phrases(pages, rng, 200)
        # For each of 400 words of four letters or more: near-spellings that its page does not hold.
        self.confusions = []
        for word in rng.sample(words, min(400, len(words))):
            page = rng.choice(sorted(self.pages_of[word]))
            others = [o for o in near_spellings(word, neighbours, rng, 6) if page not in self.pages_of.get(o, ()) and len(o) > 1]
            self.confusions.append((word, page, others))
        needed = [w for words in self.single.values() for w in words] + [w for _, phrase in self.phrases for w in phrase]
        needed += [w for word, _, others in self.confusions for w in (word, *others)]
        self.vocabulary = {w: i for i, w in enumerate(sorted(set(needed)))}

    def _phrases(self, pages, rng, count):
        phrases = []
        for _ in range(count * 100):
            page = rng.randrange(len(pages))
            line = [w for w in dict.fromkeys(rng.choice(pages[page][2])) if len(w) >= 4 and len(self.pages_of[w]) <= len(pages) * 0.15]
            if len(line) >= 4 and len(phrases) < count:
                phrases.append((page, line[:rng.randint(4, 6)]))
        return phrases


def kept_cells(vectors, saliency):
    """Marks the salient cells, less those that repeat a more salient neighbour's word; [rows, columns] of truth values."""
    dropped = torch.zeros_like(saliency, dtype=torch.bool)
    rows, columns = saliency.shape
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here = (slice(0, rows - down), slice(max(0, -right), columns - max(0, right)))
        there = (slice(down, rows), slice(max(0, right), columns + min(0, right)))
        same = (vectors[here] * vectors[there]).sum(-1) > SAME_WORD
        first = saliency[here] >= saliency[there]
        dropped[there] |= same & first
        dropped[here] |= same & ~first
    return (saliency > SALIENCY) & ~dropped


@torch.no_grad()
def score(checkpoint, pages, vocabulary):
    """Best similarity [pages, words] of each word on each page, the words' vectors, and the mean number of vectors a page."""
    page_encoder, word_encoder, steps = model.load(checkpoint)
    spelled = word_encoder(model.spell(list(vocabulary)))
    scores, counts = np.full((len(pages), len(vocabulary)), -1, np.float32), []
    for number, (_, picture, _) in enumerate(pages):
        height, width = picture.shape
        ink = torch.zeros(1, 1, -(-height // 16) * 16, -(-width // 16) * 16)
        ink[0, 0, :height, :width] = (255 - torch.from_numpy(picture.astype(np.float32))) / 255
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors, saliency = page_encoder(ink)
        kept = vectors[0].float()[kept_cells(vectors[0].float(), saliency[0])]
        counts.append(len(kept))
        if len(kept):
            scores[number] = (kept @ spelled.t()).max(0).values.numpy()
    return scores, float(np.mean(counts)), steps


def interval(hits):
    """A proportion with its 95 % Wilson interval."""
    n, p, z = len(hits), float(np.mean(hits)), 1.96
    centre, half = (p + z * z / (2 * n)) / (1 + z * z / n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{p:.3f} [{centre - half:.3f}, {centre + half:.3f}]"


def rank_of_first(scores, relevant):
    order = np.argsort(-scores, kind="stable")
    return next(i for i, page in enumerate(order) if page in relevant)


def report(scores, queries, pages):
    """The measures of one checkpoint as text by name."""
    column, result = queries.vocabulary, {}
    for name, words in queries.single.items():
        ranks = [rank_of_first(scores[:, column[w]], queries.pages_of[w]) for w in words]
        result[f"{name} ({len(words)}): R@1"] = interval([r == 0 for r in ranks])
        result[f"{name} ({len(words)}): hit@10"] = interval([r < 10 for r in ranks])
    ranks = [rank_of_first(scores[:, [column[w] for w in phrase]].sum(1), {page}) for page, phrase in queries.phrases]
    result[f"phrases ({len(ranks)}): R@1"] = interval([r == 0 for r in ranks])
    result[f"phrases ({len(ranks)}): nDCG@10"] = f"{np.mean([1 / math.log2(r + 2) if r < 10 else 0 for r in ranks]):.3f}"
    pairs = [(scores[page, column[word]], scores[page, column[other]]) for word, page, others in queries.confusions for other in others]
    result[f"near-spellings ({len(pairs)}): printed word scores higher"] = interval([a > b for a, b in pairs])
    result[f"near-spellings ({len(pairs)}): absent one above {PRESENT}"] = interval([b > PRESENT for _, b in pairs])
    result[f"printed words ({len(queries.confusions)}): above {PRESENT}"] = interval([scores[p, column[w]] > PRESENT for w, p, _ in queries.confusions])
    frequencies = [Counter(w for line in lines for w in line) for _, _, lines in pages]
    lengths = np.array([sum(f.values()) for f in frequencies])
    result["BM25 over the text layer, phrases: R@1"] = interval([rank_of_first(bm25(phrase, frequencies, lengths, queries), {page}) == 0
                                                                for page, phrase in queries.phrases])
    return result


def bm25(phrase, frequencies, lengths, queries, k1=1.2, b=0.75):
    total = np.zeros(len(lengths))
    for word in phrase:
        held = len(queries.pages_of[word])
        counts = np.array([f[word] for f in frequencies])
        weight = math.log(1 + (len(lengths) - held + 0.5) / (held + 0.5))
        total += weight * counts * (k1 + 1) / (counts + k1 * (1 - b + b * lengths / lengths.mean()))
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True, help="folder for packages and rendered pages")
    parser.add_argument("--pages-per-document", type=int, default=32)
    parser.add_argument("--dpi", type=int, default=120)
    parser.add_argument("--json", help="also write the figures here")
    parser.add_argument("checkpoints", nargs="+")
    options = parser.parse_args()
    packages.unpack(["wamerican"], os.path.join(options.work, "packages"))
    dictionary = read_dictionary(os.path.join(options.work, "packages/wamerican/usr/share/dict/american-english"))
    pages = read_pages(options.work, options.pages_per_document, options.dpi)
    queries = Queries(pages, Neighbours(dictionary))
    results = {}
    for checkpoint in options.checkpoints:
        scores, vector_count, steps = score(checkpoint, pages, queries.vocabulary)
        results[checkpoint] = {"steps": str(steps), "vectors a page": f"{vector_count:.0f}", **report(scores, queries, pages)}
    print(f"{len(pages)} pages of {len({p[0] for p in pages})} documents at {options.dpi} dpi; proportions with 95 % Wilson intervals")
    for name in next(iter(results.values())):
        print("| " + " | ".join([name, *(r[name] for r in results.values())]) + " |")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
