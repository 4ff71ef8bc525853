#!/usr/bin/env python3
"""Writes the golden files of this folder with FAISS 1.7.3: small indexes, and what FAISS finds in them. Usage: make.py [folder]"""
import json
import sys

import faiss
import numpy as np

folder = sys.argv[1] if len(sys.argv) > 1 else "."
random = np.random.RandomState(1)
vectors = random.standard_normal((300, 12)).astype("float32")
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
vectors[17] = vectors[18]
queries = random.standard_normal((10, 12)).astype("float32")
codes = random.randint(0, 256, (100, 5)).astype("uint8")
code_queries = random.randint(0, 256, (10, 5)).astype("uint8")
expected = {"version": faiss.__version__, "vectors": vectors.tolist(), "queries": queries.tolist(),
            "codes": codes.tolist(), "codeQueries": code_queries.tolist()}


def write(name, index, searched):
    distances, ids = index.search(searched, 5)
    expected[name] = {"ids": ids.tolist(), "distances": distances.tolist()}
    (faiss.write_index_binary if name == "binaryFlat" else faiss.write_index)(index, f"{folder}/{name}.faiss")


for name, metric in (("InnerProduct", faiss.METRIC_INNER_PRODUCT), ("SquaredDistance", faiss.METRIC_L2)):
    index = faiss.IndexFlatIP(12) if metric == faiss.METRIC_INNER_PRODUCT else faiss.IndexFlatL2(12)
    index.add(vectors)
    write("flat" + name, index, queries)
    index = faiss.IndexHNSWFlat(12, 4, metric)
    index.hnsw.efSearch = 20
    index.add(vectors)
    write("hnsw" + name, index, queries)

binary = faiss.IndexBinaryFlat(40)
binary.add(codes)
write("binaryFlat", binary, code_queries)
with open(f"{folder}/expected.json", "w") as file:
    json.dump(expected, file)
