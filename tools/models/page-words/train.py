#!/usr/bin/python3
"""Trains both networks on the drawn crops, from a checkpoint or from nothing, and exports them as ONNX at the end.

Several processes of one thread each update the same parameters in shared memory without locks (Hogwild); crops that are
still being drawn join in as their shards appear. The checkpoint holds a running mean of the parameters.
"""

import argparse
import copy
import glob
import json
import math
import os
import random
import time

# Before torch is loaded: one thread a process, and no waiting threads that burn a core others could use.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
import torch.multiprocessing as multiprocessing
import torch.nn.functional as F

import export
from drawing import BACKGROUND, NO_WORD
from model import PageEncoder, WordEncoder, spell
from spelling import MAX_WORD_LENGTH, Neighbours, confuse, edit, is_held_out
from text import read_dictionary

CROPS_PER_STEP, DICTIONARY_NEGATIVES, BACKGROUND_CELLS = 24, 120, 128
MAX_SCALE = 40.0          # of the cosine in the softmax; its inverse is the temperature
AVERAGE_EVERY, AVERAGE_DECAY = 10, 0.95


class Shards:
    """The drawn crops, memory-mapped, so that all processes share one copy."""

    def __init__(self, folder, rng):
        self._folder, self._rng, self._shards = folder, rng, {}

    def refresh(self):
        for path in sorted(glob.glob(os.path.join(self._folder, "*-*[0-9]"))):
            if path not in self._shards:
                with open(os.path.join(path, "words.json"), encoding="utf-8") as file:
                    words = json.load(file)
                self._shards[path] = (*(np.load(os.path.join(path, f"{n}.npy"), mmap_mode="r") for n in ("ink", "letters", "owners")), words)
        if not self._shards:
            raise SystemExit(f"no crops under {self._folder}; run prepare.py")

    def batch(self):
        """Ink [B,1,96,384] after random contrast, inversion and noise; letters and owners [B,12,96]; words per crop."""
        ink, letters, owners, words = self._shards[self._rng.choice(sorted(self._shards))]
        chosen = sorted(self._rng.sample(range(len(words)), CROPS_PER_STEP))
        x = (255 - torch.from_numpy(ink[chosen]).float()) / 255
        one = (CROPS_PER_STEP, 1, 1)
        x = x * (0.35 + 0.65 * torch.rand(one).sqrt()) + torch.rand(one) * 0.15 * (torch.rand(one) < 0.3)
        inverted = (torch.rand(one) < 0.12).float()
        x = x * (1 - inverted) + (1 - x) * inverted
        x = x + torch.randn_like(x) * torch.rand(one) * 0.10 * (torch.rand(one) < 0.3)
        return (x.clamp(0, 1).unsqueeze(1).contiguous(memory_format=torch.channels_last),
                torch.from_numpy(letters[chosen]).long(), torch.from_numpy(owners[chosen]).long(), [words[i] for i in chosen])


class Negatives:
    """Spellings that a printed word must not be taken for."""

    def __init__(self, dictionary, rng):
        self._rng = rng
        self._dictionary = [w for w in dictionary if not is_held_out(w)]
        self._neighbours = Neighbours(self._dictionary)

    def around(self, words):
        """For each word a look-alike, two random edits and a real neighbour; then random dictionary words. None of `words`."""
        rng, known = self._rng, set(words)
        found = {}
        for word in words:
            real = self._neighbours.of(word)
            for other in (confuse(word, rng), edit(word, rng), edit(word, rng), rng.choice(real) if real else None):
                if other:
                    found[other[:MAX_WORD_LENGTH]] = None
        found.update(dict.fromkeys(rng.sample(self._dictionary, DICTIONARY_NEGATIVES)))
        return [w for w in found if w not in known]


def page_losses(page, letters, owners, saliency, gate, features):
    """What can be checked cell by cell: letters read, saliency, and which columns belong to one word."""
    core, ground = (owners >= 0) & (letters < BACKGROUND), (owners == NO_WORD) & (letters == BACKGROUND)
    weight = core.float() + 0.05 * ground.float()
    # 255 marks letters to ignore; their weight is 0, so any valid class may stand in for them.
    reading = (F.cross_entropy(page.read(features), letters.clamp(max=BACKGROUND), reduction="none") * weight).sum() / weight.sum()
    weight = (core | ground).float()
    salient = (F.binary_cross_entropy_with_logits(saliency, core.float(), reduction="none") * weight).sum() / weight.sum()
    left, right = owners[..., :-1], owners[..., 1:]
    known = (left >= NO_WORD) & (right >= NO_WORD)
    weight = known.float() * torch.where((left >= 0) | (right >= 0), 1.0, 0.05)
    joined = ((left == right) & (left >= 0)).float()
    gating = (F.binary_cross_entropy_with_logits(gate[..., 1:], joined, reduction="none") * weight).sum() / weight.sum()
    return reading, salient, gating


def pick_cells(owners, words, rng):
    """One random cell of each printed word: its positions [n,3] in the cell grid, and the words."""
    positions = (owners >= 0).nonzero()
    labelled = list(zip(owners[owners >= 0].tolist(), positions.tolist()))
    rng.shuffle(labelled)
    chosen = {}
    for owner, position in labelled:
        chosen.setdefault((position[0], owner), position)
    return torch.tensor(list(chosen.values())), [words[crop][index][:MAX_WORD_LENGTH] for crop, index in chosen]


def contrastive_losses(vectors, owners, words, word_encoder, negatives, log_scale, rng):
    """Cell to word and word to cell, with the accuracy of the first."""
    cells = owners[:, :, 2::4]
    positions, printed = pick_cells(cells, words, rng)
    distinct = list(dict.fromkeys(printed))
    index = {w: i for i, w in enumerate(distinct)}
    with torch.autocast("cpu", dtype=torch.bfloat16):
        spelled = word_encoder(spell(distinct + negatives.around(distinct)))
    target = torch.tensor([index[w] for w in printed])
    weight = torch.tensor([1.0 if len(w) > 2 else 0.4 for w in printed])
    seen = vectors[positions[:, 0], positions[:, 1], positions[:, 2]]
    scale = log_scale.exp().clamp(max=MAX_SCALE)
    logits = seen @ spelled.t() * scale
    to_word = (F.cross_entropy(logits, target, reduction="none") * weight).sum() / weight.sum()
    empty = (cells == NO_WORD).nonzero()
    empty = empty[torch.randperm(len(empty))[:BACKGROUND_CELLS]]
    candidates = torch.cat([seen, vectors[empty[:, 0], empty[:, 1], empty[:, 2]]])
    logits_back = spelled[:len(distinct)] @ candidates.t() * scale
    own = torch.zeros(logits_back.shape, dtype=torch.bool)
    own[target, torch.arange(len(printed))] = True
    to_cell = (torch.logsumexp(logits_back, 1) - torch.logsumexp(logits_back.masked_fill(~own, -1e4), 1)).mean()
    with torch.no_grad():
        accuracy = (logits.argmax(1) == target)[weight > 0.5].float().mean()
    return to_word, to_cell, accuracy


class Clock:
    """Training time as a share of the budget; time spent paused does not count."""

    def __init__(self, minutes, pause_file):
        self._started, self._budget, self._pause_file = time.time(), minutes * 60, pause_file

    def wait_while_paused(self):
        while self._pause_file and os.path.exists(self._pause_file):
            time.sleep(1)
            self._started += 1

    @property
    def seconds(self):
        return time.time() - self._started

    @property
    def share(self):
        return self.seconds / self._budget


def save(path, page, word, log_scale, steps):
    torch.save({"page": page.state_dict(), "word": word.state_dict(), "log_scale": log_scale.detach().clone(), "steps": steps}, path + ".part")
    os.replace(path + ".part", path)


@torch.no_grad()
def average(mean, current, decay):
    for old, new in zip(mean.state_dict().values(), current.state_dict().values()):
        old.lerp_(new, 1 - decay) if old.is_floating_point() else old.copy_(new)


def work(rank, options, page, word, log_scale, first_step):
    torch.set_num_threads(1)
    torch.manual_seed(options.seed * 1000 + rank)
    rng = random.Random(options.seed * 1000 + rank)
    shards = Shards(os.path.join(options.work, "crops"), rng)
    shards.refresh()
    negatives = Negatives(read_dictionary(os.path.join(options.work, "packages/wamerican/usr/share/dict/american-english")), rng)
    log_scale = torch.nn.Parameter(log_scale)
    parameters = [*page.parameters(), *word.parameters()]
    optimizer = torch.optim.AdamW([{"params": [p for p in parameters if p.dim() > 1], "weight_decay": 0.01},
                                   {"params": [p for p in parameters if p.dim() <= 1] + [log_scale], "weight_decay": 0.0}],
                                  lr=options.rate, betas=(0.9, 0.98))
    mean_page, mean_word = copy.deepcopy(page), copy.deepcopy(word)
    page.train(), word.train()
    clock, step, saved, shown = Clock(options.minutes, options.pause_file), 0, 0.0, {}
    while clock.share < 1:
        clock.wait_while_paused()
        rate = options.rate * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, clock.share))))
        for group in optimizer.param_groups:
            group["lr"] = rate
        ink, letters, owners, words = shards.batch()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors, saliency, gate, features = page.analyse(ink)
            reading, salient, gating = page_losses(page, letters, owners, saliency, gate, features)
        to_word, to_cell, accuracy = contrastive_losses(vectors, owners, words, word, negatives, log_scale, rng)
        loss = to_word + 0.5 * to_cell + reading + salient + gating
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters + [log_scale], 2.0)
        optimizer.step()
        step += 1
        for name, value in (("word", to_word), ("cell", to_cell), ("letters", reading), ("saliency", salient), ("gate", gating), ("top-1", accuracy)):
            shown[name] = 0.98 * shown.get(name, value.item()) + 0.02 * value.item()
        if step % 400 == 0:
            shards.refresh()
        if rank > 0:
            continue
        if step % AVERAGE_EVERY == 0:
            # The first averages lean on the present, so that the start is soon forgotten.
            decay = min(AVERAGE_DECAY, step / (step + 10 * AVERAGE_EVERY))
            average(mean_page, page, decay)
            average(mean_word, word, decay)
        if step % 50 == 0:
            print(f"step {step} x {options.processes}, {clock.seconds:.0f} s, rate {rate:.1e}:", " ".join(f"{k} {v:.3f}" for k, v in shown.items()), flush=True)
        if clock.seconds - saved > options.save_minutes * 60:
            saved = clock.seconds
            save(options.checkpoint, mean_page, mean_word, log_scale, first_step + step * options.processes)
    if rank == 0:
        save(options.checkpoint, mean_page, mean_word, log_scale, first_step + step * options.processes)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", required=True, help="folder that prepare.py filled")
    parser.add_argument("--from", dest="start", help="checkpoint to continue from; none = from nothing")
    parser.add_argument("--checkpoint", help="where checkpoints go (default WORK/checkpoint.pt)")
    parser.add_argument("--out", help="model folder whose onnx/ is written at the end (default WORK/model)")
    parser.add_argument("--minutes", type=float, default=60, help="training time, pauses not counted (default 60)")
    parser.add_argument("--rate", type=float, help="peak learning rate (default 3e-3, or 1.5e-3 from a checkpoint)")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument("--pause-file", help="training rests while this file exists")
    options = parser.parse_args()
    options.checkpoint = options.checkpoint or os.path.join(options.work, "checkpoint.pt")
    options.rate = options.rate or (1.5e-3 if options.start else 3e-3)
    torch.manual_seed(options.seed)
    page, word, log_scale, first_step = PageEncoder(), WordEncoder(), torch.tensor(math.log(10.0)), 0
    if options.start:
        start = torch.load(options.start, map_location="cpu")
        page.load_state_dict(start["page"])
        word.load_state_dict(start["word"])
        log_scale, first_step = start["log_scale"], start["steps"]
    page = page.to(memory_format=torch.channels_last).share_memory()
    word.share_memory()
    multiprocessing.spawn(work, args=(options, page, word, log_scale.share_memory_(), first_step), nprocs=options.processes)
    export.write(options.checkpoint, options.out or os.path.join(options.work, "model"))


if __name__ == "__main__":
    main()
