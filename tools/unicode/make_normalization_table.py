#!/usr/bin/env python3
"""Writes the table that UnicodeNormalizer reads, from the Unicode character database (Debian package unicode-data).

usage: make_normalization_table.py [/usr/share/unicode] > src/MultiVecRetrieval.Language/normalization.txt

Lines: "FIRST-LAST #CLASS" combining class of a range; "CP = CP..." canonical, "CP ! CP..." canonical but never composed,
"CP ~ CP..." compatibility decomposition, one step, as in UnicodeData.txt. Hangul is arithmetic and left out.
"""
import re
import sys

folder = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode"
rows = [line.rstrip("\n").split(";") for line in open(f"{folder}/UnicodeData.txt", encoding="utf-8")]
excluded = set()
for line in open(f"{folder}/DerivedNormalizationProps.txt", encoding="utf-8"):
    found = re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*Full_Composition_Exclusion\b", line)
    if found:
        excluded.update(range(int(found[1], 16), int(found[2] or found[1], 16) + 1))
version = re.search(r"-(\d+\.\d+\.\d+)\.txt", open(f"{folder}/DerivedNormalizationProps.txt", encoding="utf-8").readline())[1]
print(f"% Unicode {version}; made by tools/unicode/make_normalization_table.py")

runs = []
for row in rows:
    code, combining = int(row[0], 16), int(row[3])
    if combining:
        if runs and runs[-1][1] == code - 1 and runs[-1][2] == combining:
            runs[-1][1] = code
        else:
            runs.append([code, code, combining])
for first, last, combining in runs:
    print(f"{first:04X}-{last:04X} #{combining}")

for row in rows:
    if row[5]:
        compatibility = row[5].startswith("<")
        points = row[5].split("> ")[-1]
        mark = "~" if compatibility else "!" if int(row[0], 16) in excluded else "="
        print(f"{row[0]} {mark} {points}")
