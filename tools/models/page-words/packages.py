"""Debian packages as training and evaluation material: downloaded and unpacked, never installed."""

import glob
import os
import subprocess
import tempfile

# Fonts and the word list to draw from. Licences: README.md.
TRAINING_PACKAGES = [
    "fonts-cantarell", "fonts-cmu", "fonts-crosextra-caladea", "fonts-crosextra-carlito", "fonts-dejavu-core", "fonts-dejavu-extra",
    "fonts-ebgaramond", "fonts-firacode", "fonts-freefont-otf", "fonts-hack", "fonts-inconsolata", "fonts-junicode", "fonts-lato",
    "fonts-liberation", "fonts-linuxlibertine", "fonts-lmodern", "fonts-noto-core", "fonts-noto-mono", "fonts-open-sans",
    "fonts-roboto-unhinted", "fonts-sil-gentium", "fonts-texgyre", "fonts-urw-base35", "fonts-vollkorn", "wamerican",
]

# Manuals that only the evaluation reads.
EVALUATION_PACKAGES = [
    "auto-multiple-choice-doc-pdf", "debian-policy", "debian-reference-en", "developers-reference", "gnuplot-doc", "gri-pdf-doc",
    "lilypond-doc-pdf", "live-manual-pdf", "pari-doc", "r-doc-pdf",
]


def unpack(packages, folder):
    """Unpacks each package under `folder`/NAME unless it is there; returns {name: version}."""
    versions = {}
    for name in packages:
        target = os.path.join(folder, name)
        record = os.path.join(target, ".version")
        if not os.path.exists(record):
            os.makedirs(target, exist_ok=True)
            with tempfile.TemporaryDirectory() as download:
                subprocess.run(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", name], cwd=download, check=True)
                (archive,) = glob.glob(os.path.join(download, "*.deb"))
                subprocess.run(["dpkg", "-x", archive, target], check=True)
                version = subprocess.run(["dpkg-deb", "-f", archive, "Version"], capture_output=True, text=True, check=True).stdout.strip()
            with open(record, "w", encoding="utf-8") as file:
                file.write(version)
        with open(record, encoding="utf-8") as file:
            versions[name] = file.read()
    return versions
