"""What is written on the training crops: running text, dictionary words, invented words, numbers, codes, near-spellings."""

import re
import subprocess
import unicodedata
from collections import defaultdict

from spelling import ALPHABET, Neighbours, is_held_out, near_spellings, words_of

CONSONANTS, VOWELS, DIGITS, HEX = "bcdfghjklmnpqrstvwxyz", "aeiou", "0123456789", "0123456789abcdef"
JOINTS = ["-", "_", "/", ".", ":", "=", "::", "->", "+", "@", ","]
WRAPPERS = ["({})", '"{}"', "\u201c{}\u201d", "<{}>", "[{}]", "'{}'", "\\{}", "${}", "--{}", "{}()", "{{{}}}", "\\{}{{", "{}*", "#{}"]
STEMS = ["utf", "sha", "md", "mp", "h", "x", "i", "amd", "arm", "iso", "rfc", "ipv", "usb", "win", "fig", "tab", "eq", "sec", "id", "id",
         "page", "item", "test", "foo", "bar", "var", "tmp", "int", "uint", "float", "log", "exp", "a", "b", "c", "n", "p", "q", "t", "v"]
MONTHS = "January February March April May June July August September October November December".split()

# Letters with marks that fold to one plain letter, by plain letter: é ê ë ē ... for e.
ACCENTED = defaultdict(list)
for _code in list(range(0xC0, 0x180)) + list(range(0x1CD, 0x1F6)):
    _parts = unicodedata.normalize("NFKD", chr(_code))
    if len(_parts) > 1 and _parts[0].isascii() and _parts[0].isalpha() and all(unicodedata.combining(c) for c in _parts[1:]):
        ACCENTED[_parts[0]].append(chr(_code))


def read_dictionary(path):
    """The distinct plain lower-case words of a word list."""
    with open(path, encoding="utf-8") as lines:
        return sorted({w for w in (line.strip().lower() for line in lines) if w.isascii() and w.isalpha()})


def read_running_text(max_bytes=12_000_000):
    """Prose from the package descriptions that apt knows, as separate chunks of printable ASCII."""
    listing = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, errors="ignore", check=True).stdout
    chunks, size, inside = [], 0, False
    for line in listing.splitlines():
        if line.startswith("Description"):
            inside, line = not line.startswith("Description-md5"), line.partition(": ")[2]
        elif not line.startswith(" "):
            inside = False
        if inside and size < max_bytes:
            found = [c for c in line.split() if len(c) < 24 and c.isascii() and c != "."]
            chunks += found
            size += sum(map(len, found)) + len(found)
    if len(chunks) < 10_000:
        raise SystemExit("apt-cache dumpavail knows too few package descriptions; run apt-get update")
    return chunks


class TextSource:
    """Endless chunks (what stands between two blanks), in passages of one kind. Never writes a held-out word."""

    def __init__(self, dictionary, running_text, rng):
        self._rng = rng
        self._dictionary = [w for w in dictionary if not is_held_out(w)]
        self._running = running_text
        self._neighbours = Neighbours(self._dictionary)

    def passage(self, length=60):
        """Chunks of one kind, the kind drawn by the mix of the recipe."""
        kind, rng = self._rng.random(), self._rng
        if kind < 0.36:
            start = rng.randrange(len(self._running) - length)
            for chunk in self._running[start:start + length]:
                yield self._admit(chunk)
            return
        near = []
        for _ in range(length):
            if kind < 0.60:
                word = rng.choice(self._dictionary)
            elif kind < 0.70:
                word = self._invented()
            elif kind < 0.87:
                word = self._code() if rng.random() < 0.8 else rng.choice(self._dictionary)
            else:
                # Words and their near-spellings side by side: pages are then compared within one batch, too.
                if not near:
                    word = self._invented() if rng.random() < 0.2 else rng.choice(self._dictionary)
                    near = [word] + near_spellings(word, self._neighbours, rng, rng.randint(2, 4))
                    rng.shuffle(near)
                word = near.pop()
            yield self._admit(self._decorate(word))

    def _decorate(self, word):
        rng = self._rng
        if rng.random() < 0.08:
            word = word.capitalize()
        if rng.random() < 0.04:
            other = rng.choice(self._dictionary)
            word += (rng.choice(JOINTS) + other) if rng.random() < 0.7 else other.capitalize()
        if rng.random() < 0.06:
            word = rng.choice(WRAPPERS).format(word)
        if rng.random() < 0.10:
            word = self._accent(word)
        if rng.random() < 0.12:
            word += rng.choice(",,,.;:!?")
        return word

    def _accent(self, word):
        rng = self._rng
        return "".join(rng.choice(ACCENTED[c]) if c in ACCENTED and rng.random() < 0.35 else c for c in word)

    def _admit(self, chunk):
        """Replaces each held-out or overlong word of the chunk, keeping punctuation and capitals."""
        for _ in range(8):
            if all(len(w) <= 24 and not is_held_out(w) for w in words_of(chunk)):
                return chunk
            chunk = re.sub(r"[^\W_]+", lambda m: m.group() if self._is_admitted(m.group()) else self._stand_in(m.group()), chunk)
        return self._stand_in("x")

    @staticmethod
    def _is_admitted(run):
        return all(len(w) <= 24 and not is_held_out(w) for w in words_of(run))

    def _stand_in(self, run):
        word = self._invented()
        return word.capitalize() if run[:1].isupper() else word

    def _invented(self):
        rng = self._rng
        while True:
            kind = rng.random()
            if kind < 0.40:
                word = "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) + (rng.choice(CONSONANTS) if rng.random() < 0.4 else "")
                               for _ in range(rng.randint(1, 4)))
            elif kind < 0.75:
                a, b = rng.choice(self._dictionary), rng.choice(self._dictionary)
                word = (a[:rng.randint(1, len(a))] + b[rng.randint(0, len(b) - 1):])[:18]
            else:
                word = "".join(rng.choice(ALPHABET[:26]) for _ in range(rng.randint(2, 10)))
            if not is_held_out(word):
                return word

    def _digits(self, low, high):
        return "".join(self._rng.choice(DIGITS) for _ in range(self._rng.randint(low, high)))

    def _code(self):
        """A number, date, version, phone number, hexadecimal string or identifier, written as manuals write them."""
        rng, digits = self._rng, self._digits
        year = str(rng.randint(1900, 2035))
        kind = rng.randrange(16)
        if kind == 0:
            return rng.choice(["{y}-{m:02}-{d:02}", "{d}.{m}.{y}", "{m}/{d}/{y}", "{y}/{m:02}/{d:02}", "{d}-{n}-{y}", "{y}{m:02}{d:02}"]).format(
                y=year, m=rng.randint(1, 12), d=rng.randint(1, 31), n=rng.choice(MONTHS)[:3])
        if kind == 1:
            return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}" + (f":{rng.randint(0, 59):02}" if rng.random() < 0.5 else "")
        if kind == 2:
            version = ".".join(digits(1, 2) for _ in range(rng.randint(2, 4)))
            return rng.choice(["{}", "v{}", "{}-1", "{}+dfsg-3", "lib-{}", "{}~rc2"]).format(version)
        if kind in (3, 4):
            return digits(2, 9)
        if kind == 5:
            return digits(1, 3) + rng.choice([",", "."]) + digits(2, 6)
        if kind == 6:
            return digits(1, 1) + "." + digits(1, 6) + rng.choice("eE") + rng.choice(["", "-", "+"]) + digits(1, 2)
        if kind == 7:
            return rng.choice(["0x", "", "#", "\\x", "U+"]) + "".join(rng.choice(HEX) for _ in range(rng.choice([2, 4, 4, 6, 8, 8, 12])))
        if kind == 8:
            return rng.choice(["+{} {}-{}", "({}) {}-{}", "{}-{}-{}", "{}/{}.{}", "{} {} {}"]).format(digits(2, 3), digits(3, 4), digits(3, 5))
        if kind in (9, 10):
            return rng.choice(STEMS) + digits(1, 4) + (rng.choice(["", "", "bit", "x", "_" + digits(1, 3), rng.choice(STEMS)]))
        if kind == 11:
            word = rng.choice(self._dictionary)[:12]
            return rng.choice(["{w}{n}", "{n}{w}", "{w}_{n}", "{w}-{n}", "{w}[{n}]"]).format(w=word, n=digits(1, 3))
        if kind == 12:
            return "".join(rng.choice(ALPHABET) for _ in range(rng.randint(3, 9)))
        if kind == 13:
            letters = "".join(rng.choice(ALPHABET[:26]) for _ in range(rng.randint(1, 4))).upper()
            return rng.choice(["{}-{}", "{}{}", "{} {}", "{}/{}"]).format(letters, digits(2, 6))
        if kind == 14:
            return year
        return ".".join(str(rng.randint(0, 255)) for _ in range(4)) if rng.random() < 0.5 else digits(1, 4) + rng.choice(["px", "kb", "mb", "ms", "pt", "mm", "th", "%"])
