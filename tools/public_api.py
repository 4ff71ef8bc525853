#!/usr/bin/env python3
"""Brings src/*/PublicAPI.Unshipped.txt in line with the public members: builds, and adds or removes the lines that the build names."""
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MISSING = re.compile(r"error RS0016: Symbol '(.*)' is not part of the declared.*\[(.*\.csproj)\]")
GONE = re.compile(r"error RS0017: Symbol '(.*)' is part of the declared API.*\[(.*\.csproj)\]")

for project in sorted(ROOT.glob("src/*/*.csproj")):
    # A project that does not build hides what those above it lack, so they are built one by one, from below as references say.
    for _ in range(3):
        output = subprocess.run(
            ["dotnet", "build", str(project), "-c", "Release", "-v", "q", "--nologo"], capture_output=True, text=True, cwd=ROOT).stdout
        changes = collections.defaultdict(lambda: (set(), set()))
        for line in output.splitlines():
            if found := MISSING.search(line):
                changes[found[2]][0].add(found[1])
            elif found := GONE.search(line):
                changes[found[2]][1].add(found[1])
        if not changes:
            break
        for name, (added, removed) in changes.items():
            path = pathlib.Path(name).parent / "PublicAPI.Unshipped.txt"
            head, *lines = path.read_text(encoding="utf-8-sig").splitlines()
            kept = (set(lines) | added) - removed
            path.write_text("\n".join([head, *sorted(kept)]) + "\n", encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: {len(added)} added, {len(removed)} removed")
    if "error" in output:
        sys.exit(output)
