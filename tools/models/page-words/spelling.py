"""Words as the page-words model knows them: how text is folded, which words are held out, which spellings are easily confused."""

import hashlib
import random
import re
import unicodedata
from collections import defaultdict

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
MAX_WORD_LENGTH = 20
WORD = re.compile("[a-z0-9]+")

# Pairs of letters or letter groups that look alike in print, used in both directions.
LOOKALIKES = [
    ("t", "f"), ("i", "l"), ("i", "1"), ("l", "1"), ("i", "j"), ("o", "0"), ("rn", "m"), ("nn", "m"), ("cl", "d"),
    ("vv", "w"), ("ii", "u"), ("li", "h"), ("ni", "m"), ("c", "e"), ("c", "o"), ("a", "o"), ("a", "e"), ("e", "o"),
    ("h", "b"), ("h", "n"), ("u", "v"), ("u", "n"), ("n", "m"), ("v", "y"), ("q", "g"), ("p", "q"), ("f", "l"),
    ("s", "5"), ("b", "8"), ("b", "6"), ("z", "2"), ("g", "9"), ("q", "9"), ("g", "6"), ("t", "7"), ("1", "7"),
    ("3", "8"), ("5", "6"), ("6", "8"), ("0", "8"), ("8", "9"), ("0", "6"), ("4", "9"), ("3", "5"), ("1", "4"),
]
SUFFIXES = ["s", "d", "ed", "ing", "r", "e", "es", "ly", "er", "y", "al", "ion"]

_LOOKALIKE_TARGETS = defaultdict(list)
for _left, _right in LOOKALIKES:
    _LOOKALIKE_TARGETS[_left].append(_right)
    _LOOKALIKE_TARGETS[_right].append(_left)


def fold(text):
    """Compatibility-decomposes, drops what is not ASCII (accents first of all) and lower-cases."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def words_of(text):
    """The runs of [a-z0-9] of folded text; everything else is a break."""
    return WORD.findall(fold(text))


def is_held_out(word):
    """One fifth of all alphabetic words of four letters or more, by hash; training never draws them."""
    return len(word) >= 4 and word.isalpha() and hashlib.md5(word.encode()).digest()[0] < 51


def confuse(word, rng):
    """Swaps one look-alike for another (t/f, rn/m, 0/o); None when the word holds none."""
    places = [(i, n) for i in range(len(word)) for n in (1, 2) if word[i:i + n] in _LOOKALIKE_TARGETS and len(word[i:i + n]) == n]
    if not places:
        return None
    i, n = rng.choice(places)
    return word[:i] + rng.choice(_LOOKALIKE_TARGETS[word[i:i + n]]) + word[i + n:]


def edit(word, rng):
    """One random substitution, deletion, insertion, swap or change of suffix."""
    kind, i = rng.random(), rng.randrange(len(word))
    letter = rng.choice(ALPHABET[:26] if word[i].isalpha() else ALPHABET[26:])
    if kind < 0.40:
        return word[:i] + letter + word[i + 1:]
    if kind < 0.55 and len(word) > 2:
        return word[:i] + word[i + 1:]
    if kind < 0.70:
        return word[:i] + letter + word[i:]
    if kind < 0.80 and i + 1 < len(word):
        return word[:i] + word[i + 1] + word[i] + word[i + 2:]
    return inflect(word, rng)


def inflect(word, rng):
    """Adds, drops or exchanges a suffix; a number is lengthened or shortened by a digit."""
    if word.isdigit():
        return word[:-1] if len(word) > 2 and rng.random() < 0.5 else word + rng.choice(ALPHABET[26:])
    endings = [s for s in SUFFIXES if word.endswith(s) and len(word) - len(s) >= 3]
    if endings and rng.random() < 0.6:
        stem = word[:-len(rng.choice(endings))]
        return stem if rng.random() < 0.5 else stem + rng.choice(SUFFIXES)
    return word + rng.choice(SUFFIXES)


class Neighbours:
    """Dictionary words one edit away from a word: they share a string that one deletion leaves of either."""

    def __init__(self, dictionary):
        self._by_deletion = defaultdict(list)
        for word in dictionary:
            for key in self._deletions(word):
                self._by_deletion[key].append(word)
        # A key with a single word can never join two words.
        self._by_deletion = {k: v for k, v in self._by_deletion.items() if len(v) > 1}

    @staticmethod
    def _deletions(word):
        return {word} | {word[:i] + word[i + 1:] for i in range(len(word))} if len(word) >= 3 else set()

    def of(self, word):
        """Sorted, so that a seeded choice among them is reproducible."""
        return sorted({w for key in self._deletions(word) for w in self._by_deletion.get(key, ())} - {word})


def near_spellings(word, neighbours, rng, count):
    """Up to `count` distinct spellings easily taken for `word`: real words first, then look-alikes, suffixes and random edits."""
    real = neighbours.of(word)
    found = rng.sample(real, min(len(real), (count + 2) // 3))
    for make in (confuse, inflect, edit) * count:
        if len(found) >= count:
            break
        other = make(word, rng)
        if other and other != word and other not in found:
            found.append(other)
    return found[:count]
