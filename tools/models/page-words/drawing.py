"""Draws training crops: pieces of a page with known words, letters and boxes."""

import io
import math
import unicodedata

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

import fonts
from spelling import ALPHABET, fold

WIDTH, HEIGHT, OVERSAMPLING = 384, 96, 3
ROW, COLUMN = 8, 4                       # pixels of one label cell
BACKGROUND, IGNORED_LETTER = 36, 255     # letter labels beside the 36 of the alphabet
NO_WORD, IGNORED_WORD = -1, -2           # word labels beside the index into the crop's words
LIGATURES = {"ffi": "\ufb03", "ffl": "\ufb04", "ff": "\ufb00", "fi": "\ufb01", "fl": "\ufb02"}

_row_centres = np.arange(HEIGHT // ROW) * ROW + (ROW - 1) / 2
_column_centres = np.arange(WIDTH // COLUMN) * COLUMN + (COLUMN - 1) / 2


class CropSource:
    """Endless crops. Each is (ink [96,384] uint8 gray, letters [12,96] uint8, owners [12,96] int16, words)."""

    def __init__(self, text, font_source, rng):
        self._text, self._fonts, self._rng = text, font_source, rng

    def draw(self):
        crop = _Crop(self._text, self._fonts, self._rng)
        crop.fill()
        return crop.finish()


class _Crop:
    def __init__(self, text, font_source, rng):
        self._text, self._fonts, self._rng = text, font_source, rng
        ground = rng.choice([255] * 6 + [rng.randint(200, 255)])
        self._ink = rng.choice([0] * 4 + [rng.randint(0, 110)])
        self._image = Image.new("L", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING), ground)
        self._canvas = ImageDraw.Draw(self._image)
        self._letters = np.full((HEIGHT // ROW, WIDTH // COLUMN), BACKGROUND, np.uint8)
        self._owners = np.full((HEIGHT // ROW, WIDTH // COLUMN), NO_WORD, np.int16)
        self._words = []
        self._passage = iter(())

    def fill(self):
        """Writes lines of text from top to bottom."""
        rng = self._rng
        # 17 px is 10 pt at 120 dpi; four fifths lie between 0.6 and 2 times that.
        em = min(38.0, max(9.5, math.exp(rng.gauss(math.log(17), 0.24)))) if rng.random() < 0.8 else rng.uniform(10, 36)
        leading = rng.choice([rng.uniform(1.12, 1.35), rng.uniform(1.2, 2.0)])
        path = self._fonts.draw()
        slope = rng.gauss(0, 0.006) if rng.random() < 0.15 else 0.0
        self._passage = self._text.passage()
        baseline = rng.uniform(-0.5, 1.2) * em
        while baseline < HEIGHT + em * 0.5:
            self._write_line(baseline, em, path, slope)
            baseline += leading * em
            if rng.random() < 0.05:
                y = (baseline - 0.9 * em) * OVERSAMPLING
                self._canvas.line((0, y, WIDTH * OVERSAMPLING, y), fill=self._ink, width=rng.randint(1, OVERSAMPLING + 1))

    def _write_line(self, baseline, em, path, slope):
        rng = self._rng
        if rng.random() < 0.15:
            path = self._fonts.draw()
        if rng.random() < 0.05:
            em *= rng.uniform(0.8, 1.5)
        size = max(8, round(em * OVERSAMPLING))
        em = size / OVERSAMPLING
        gap = rng.uniform(0.2, 0.42) * em
        x = rng.choice([rng.uniform(-3 * em, 0), rng.uniform(-em, 3 * em), rng.uniform(0, WIDTH * 0.6)])
        upper, capital, ligatures = rng.random() < 0.06, rng.random() < 0.08, rng.random() < 0.5
        tracking = rng.uniform(-0.02, 0.12) * em if rng.random() < 0.05 else 0.0
        end = WIDTH + 40 if rng.random() < 0.8 else rng.uniform(WIDTH * 0.4, WIDTH)
        while x < end:
            chunk = next(self._passage, None)
            if chunk is None:
                self._passage = self._text.passage()
                continue
            chunk = chunk.upper() if upper else chunk.capitalize() if capital else chunk
            if rng.random() < 0.02:
                path = self._fonts.draw()
            chunk = self._drawable(chunk, path, ligatures)
            x += self._write_chunk(chunk, x, baseline + slope * (x - WIDTH / 2), em, fonts.load(path, size), tracking)
            x += gap * rng.uniform(0.95, 1.05)
            if rng.random() < 0.02:
                x += rng.uniform(1, 6) * em

    @staticmethod
    def _drawable(chunk, path, ligatures):
        """Replaces what the font cannot draw by plain letters, and fi, fl, ff by the font's ligatures."""
        if not chunk.isascii():
            chunk = "".join(c if c.isascii() or fonts.has_glyph(path, c) else
                            unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode() or "'" for c in chunk)
        if ligatures:
            for letters, glyph in LIGATURES.items():
                if letters in chunk and fonts.has_glyph(path, glyph):
                    chunk = chunk.replace(letters, glyph)
        return chunk

    def _write_chunk(self, chunk, x, baseline, em, font, tracking):
        """Draws one chunk, labels its words and returns its width."""
        if tracking:
            edges = [0.0]
            for character in chunk:
                self._canvas.text(((x + edges[-1]) * OVERSAMPLING, baseline * OVERSAMPLING), character, font=font, fill=self._ink, anchor="ls")
                edges.append(edges[-1] + font.getlength(character) / OVERSAMPLING + tracking)
        else:
            self._canvas.text((x * OVERSAMPLING, baseline * OVERSAMPLING), chunk, font=font, fill=self._ink, anchor="ls")
            edges = [font.getlength(chunk[:i]) / OVERSAMPLING for i in range(len(chunk) + 1)]
        if self._rng.random() < 0.01:
            y = (baseline + 0.12 * em) * OVERSAMPLING
            self._canvas.line((x * OVERSAMPLING, y, (x + edges[-1]) * OVERSAMPLING, y), fill=self._ink, width=OVERSAMPLING)
        run = []
        for i, character in enumerate(chunk):
            # A ligature stands for several letters, which share its width evenly.
            plain = fold(character)
            for j, letter in enumerate(plain):
                if letter in ALPHABET:
                    width = (edges[i + 1] - edges[i]) / len(plain)
                    run.append((letter, x + edges[i] + j * width, x + edges[i] + (j + 1) * width))
                else:
                    self._label(run, baseline, em)
                    run = []
            if not plain:
                self._label(run, baseline, em)
                run = []
        self._label(run, baseline, em)
        return edges[-1]

    def _label(self, run, baseline, em):
        """Marks the cells of one printed word; a word cut by the edge, and the fringe above and below, are ignored in training."""
        if not run:
            return
        left, right = run[0][1], run[-1][2]
        columns = (_column_centres >= left - 0.5) & (_column_centres < right + 0.5)
        if not columns.any():
            return
        distance = np.abs(_row_centres - (baseline - 0.26 * em))
        core = distance <= max(4.01, 0.30 * em)
        fringe = np.ix_((distance <= 0.62 * em) & ~core, columns)
        self._owners[fringe] = np.where(self._owners[fringe] == NO_WORD, IGNORED_WORD, self._owners[fringe])
        self._letters[fringe] = np.where(self._letters[fringe] == BACKGROUND, IGNORED_LETTER, self._letters[fringe])
        cells = np.ix_(core, columns)
        self._letters[cells] = IGNORED_LETTER
        if left < 0 or right > WIDTH or baseline - 0.75 * em < 0 or baseline + 0.22 * em > HEIGHT:
            self._owners[cells] = IGNORED_WORD
            return
        self._owners[cells] = len(self._words)
        self._words.append("".join(letter for letter, _, _ in run))
        for letter, start, stop in run:
            self._letters[np.ix_(core, (_column_centres >= start) & (_column_centres < stop))] = ALPHABET.index(letter)

    def finish(self):
        """Reduces the drawing as an anti-aliasing renderer would, then wears it a little."""
        rng = self._rng
        image = self._image.resize((WIDTH, HEIGHT), Image.BOX if rng.random() < 0.6 else Image.BICUBIC)
        wear = rng.random()
        if wear < 0.12:
            image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.8)))
        elif wear < 0.20:
            image = image.filter(ImageFilter.UnsharpMask(1, rng.randint(50, 150), 0))
        if rng.random() < 0.08:
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=rng.randint(25, 80))
            image = Image.open(buffer).convert("L")
        return np.asarray(image), self._letters, self._owners, self._words
