"""Writes the clusters that scipy finds, for the tests of Ward's clustering.

    /usr/bin/python3 make.py     (scipy 1.10, numpy 1.24)

rows.f32 [180, 24]: unit rows, a smooth walk that now and then jumps, as the patches of a page are.
heights.f64 [179]: linkage heights of the rows themselves.
ward.txt, colpali.txt: a line per factor 2, 3, 5, 9, 30: the cluster of each row, numbered by its first row. Ward on the rows; and Ward on
the rows of 1 - E E^T taken as observations in 180 dimensions, as colpali-engine's hierarchical token pooling does.
"""
import pathlib

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

folder = pathlib.Path(__file__).parent
random = np.random.default_rng(7)
rows = []
state = random.normal(size=24)
for i in range(180):
    if random.random() < 0.08:
        state = random.normal(size=24)
    state = state + 0.25 * random.normal(size=24)
    rows.append(state / np.linalg.norm(state))
rows = np.array(rows, dtype="<f4")
rows.tofile(folder / "rows.f32")
exact = rows.astype(np.float64)


def write(name, tree):
    with open(folder / name, "w") as file:
        for factor in (2, 3, 5, 9, 30):
            labels = fcluster(tree, max(180 // factor, 1), criterion="maxclust")
            first = {}
            print(*[first.setdefault(label, len(first)) for label in labels], file=file)


tree = linkage(exact, method="ward")
tree[:, 2].astype("<f8").tofile(folder / "heights.f64")
write("ward.txt", tree)
write("colpali.txt", linkage(1 - exact @ exact.T, method="ward"))
