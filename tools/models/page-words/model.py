"""The two networks of page-words: printed pixels and spelled letters, both mapped to one 128-dimensional word space."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from spelling import ALPHABET, MAX_WORD_LENGTH


LETTER_NUMBERS = {letter: number for number, letter in enumerate(ALPHABET, start=1)}


def spell(words):
    """Letter numbers [words, 20]: a-z = 1..26, 0-9 = 27..36, 0 after the end; longer words are cut."""
    ids = np.zeros((len(words), MAX_WORD_LENGTH), np.int64)
    for row, word in enumerate(words):
        ids[row, :min(len(word), MAX_WORD_LENGTH)] = [LETTER_NUMBERS[letter] for letter in word[:MAX_WORD_LENGTH]]
    return torch.from_numpy(ids)


def _convolution(inputs, outputs, kernel, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.convolution = _convolution(channels, channels, 3)

    def forward(self, x):
        return x + self.convolution(x)


class UnitHead(nn.Module):
    """A pooled bag of letters to a unit vector; always in float32, whatever autocast says of its inputs."""

    def __init__(self, inputs, dimension):
        super().__init__()
        self.norm, self.hidden, self.output = nn.LayerNorm(inputs), nn.Linear(inputs, 256), nn.Linear(256, dimension)

    def forward(self, x):
        x = self.output(F.relu(self.hidden(self.norm(x.float())))).float()
        return x / (x.pow(2).sum(-1, keepdim=True) + 1e-6).sqrt()


class PageEncoder(nn.Module):
    """Ink [B,1,H,W] in 0..1, H and W multiples of 16, to one unit vector and one saliency per cell of 8 x 16 pixels (height x width).

    A convolutional trunk yields features on a grid of H/8 x W/4. From them a gate decides, column by column, whether a
    column continues the word of its left neighbour; costs accumulated along the row turn the gates into an affinity
    exp(-|L_x - L_y|) that is near 1 within one printed word and near 0 across a gap. Pooling with this affinity gives
    every column the bag of letters before and after it in its own word, and then every cell the vector of the whole word,
    however wide the word is.
    """

    def __init__(self, channels=64, letters=24, mixed=128, dimension=128, blocks=3):
        super().__init__()
        self.stem = nn.Sequential(_convolution(1, 16, 5, 2), _convolution(16, 32, 3, 2), _convolution(32, 48, 3), _convolution(48, channels, 3, (2, 1)))
        self.residual = nn.Sequential(*[Residual(channels) for _ in range(blocks)])
        self.characters = nn.Conv2d(channels, len(ALPHABET) + 1, 1)       # training only
        self.gate_and_saliency = nn.Conv2d(channels, 2, 1)
        self.letters = nn.Conv2d(channels, letters, 1)
        self.mix = nn.Sequential(nn.Linear(channels + 2 * letters, mixed), nn.ReLU(inplace=True))
        self.head = UnitHead(mixed, dimension)

    def forward(self, ink):
        """Vectors [B,R,K,128] and saliency [B,R,K] in 0..1."""
        vectors, saliency, _, _ = self.analyse(ink)
        return vectors, torch.sigmoid(saliency[:, :, 2::4])

    def analyse(self, ink):
        """Vectors [B,R,K,128]; on the four times finer columns: saliency and gate logits [B,R,4K], and the features."""
        features = self.residual(self.stem(ink))
        logits = self.gate_and_saliency(features).float()
        gate, saliency = logits[:, 0], logits[:, 1]
        # 0 inside a word, up to 9 at a gap; the small allowance keeps long words from fading.
        cost = F.relu(F.softplus(-gate) - 0.03).clamp(max=9.0)
        position = torch.cumsum(cost, -1)
        affinity = torch.exp(-(position.unsqueeze(-1) - position.unsqueeze(-2)).abs()).to(features.dtype)
        columns = features.permute(0, 2, 3, 1)
        letters = F.relu(self.letters(features)).permute(0, 2, 3, 1)
        index = torch.arange(features.shape[3], device=ink.device)
        not_after = (index.unsqueeze(1) >= index.unsqueeze(0)).to(affinity.dtype)
        before = torch.matmul(affinity * not_after, letters)
        after = torch.matmul(affinity, letters) - before
        mixed = self.mix(torch.cat([columns, before * 0.2, after * 0.2], -1))
        pooled = torch.matmul(affinity[:, :, 2::4], mixed) * 0.1
        return self.head(pooled.float()), saliency, gate, features

    def read(self, features):
        """Letter logits [B,37,R,4K] of the features; the last class is background."""
        return self.characters(features).float()


class WordEncoder(nn.Module):
    """Letter numbers [B,20] to unit vectors [B,128]: the page encoder's pooling, over letters instead of columns."""

    def __init__(self, channels=80, letters=32, mixed=160, dimension=128):
        super().__init__()
        self.embedding = nn.Embedding(len(ALPHABET) + 1, 64, padding_idx=0)
        self.convolution = nn.Conv1d(64, channels, 3, padding=1)
        self.letters = nn.Linear(channels, letters)
        self.mix = nn.Sequential(nn.Linear(channels + 2 * letters, mixed), nn.ReLU())
        self.head = UnitHead(mixed, dimension)

    def forward(self, ids):
        present = (ids > 0).float().unsqueeze(-1)
        columns = F.relu(self.convolution(self.embedding(ids).transpose(1, 2))).transpose(1, 2) * present
        letters = F.relu(self.letters(columns)) * present
        before = torch.cumsum(letters, 1)
        after = letters.sum(1, keepdim=True) - before
        mixed = self.mix(torch.cat([columns, before * 0.4, after * 0.4], -1)) * present
        return self.head(mixed.sum(1) * 0.2)


def load(path):
    """Both networks of a checkpoint, ready to evaluate, and its step count."""
    checkpoint = torch.load(path, map_location="cpu")
    page, word = PageEncoder().eval(), WordEncoder().eval()
    page.load_state_dict(checkpoint["page"])
    word.load_state_dict(checkpoint["word"])
    return page, word, checkpoint["steps"]
