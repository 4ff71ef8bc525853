"""The fonts that crops are drawn in: the Latin ones among those unpacked, grouped by family."""

import glob
import os
import re
from functools import lru_cache

from PIL import ImageFont

UNSUITABLE = re.compile(
    r"Symbol|D050000L|math|Z003|chorus|dunhill|LinLibertine_(I|K|DR|M)|Keyboard|Initials|Icons|Unicode|cmu-?(bright)?ui|Outline|Classic|Shadow"
    r"|Thin|Hairline", re.I)
NOTO = re.compile(r"Noto(Sans|Serif|Mono|SansMono|SansDisplay|SerifDisplay)-")
# The families that manuals are set in; a little over half of all crops use one of them.
COMMON = re.compile(
    r"cmu|lmroman|lmmono|lmsans|texgyre|nimbus|liberation|dejavu|c059|p052|open|roboto|noto|freesans|freeserif|freemono", re.I)
STYLED = re.compile(r"bold|italic|oblique|black|light|medium|semi|heavy|ital|obli|cond|caps", re.I)
FAMILY_END = re.compile(r"[-_]|(?<=[a-z])(?=[0-9])|(?:bold|regular|italic|oblique)", re.I)


@lru_cache(4000)
def load(path, size):
    # Basic layout places each glyph by its own advance, so the width of a prefix tells where a letter begins.
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(200_000)
def has_glyph(path, character):
    """Whether the font draws something of its own for the character, not its box for missing ones."""
    font = load(path, 20)
    mask = bytes(font.getmask(character))
    return any(mask) and mask != bytes(font.getmask("\uffff"))


def _is_latin(path):
    try:
        masks = {bytes(load(path, 20).getmask(c)) for c in "aQz0"}
    except OSError:
        return False
    return len(masks) == 4 and b"" not in masks and all(has_glyph(path, c) for c in "aQz0")


class FontSource:
    """Draws fonts at random, families evenly."""

    def __init__(self, folder, rng):
        self._rng = rng
        self._families = {}
        for path in sorted(glob.glob(os.path.join(folder, "fonts-*", "**", "*.[to]tf"), recursive=True)):
            name = os.path.basename(path)
            if UNSUITABLE.search(name) or (name.startswith("Noto") and not NOTO.match(name)) or not _is_latin(path):
                continue
            self._families.setdefault(FAMILY_END.split(os.path.splitext(name)[0])[0].lower(), []).append(path)
        if not self._families:
            raise SystemExit(f"no Latin fonts under {folder}")
        self._names = sorted(self._families)
        self._common = [n for n in self._names if COMMON.match(n)] or self._names
        self.font_count = sum(map(len, self._families.values()))
        self.family_count = len(self._names)

    def draw(self):
        family = self._families[self._rng.choice(self._common if self._rng.random() < 0.55 else self._names)]
        plain = [p for p in family if not STYLED.search(os.path.basename(p))]
        return self._rng.choice(plain if plain and self._rng.random() < 0.5 else family)
