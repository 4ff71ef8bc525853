"""Vectors of `mvr serve` for the scripts of MMEB (VLM2Vec's eval.py).

    from mvr_mmeb import encode_dataset
    encode_dataset("NAME", rows, "VOC2007", "output/image")
    python eval.py ... --encode_output_path output/image

eval.py takes DATASET_qry, DATASET_tgt and DATASET_info.jsonl that are there instead of making them, and scores them. A row is a dictionary:
query_text, query_image (a path or None), cand_text and cand_image (lists of equal length), dataset_infos (cand_names, label_name, rel_scores), as the
loaders of that repository make them. Importing it needs the standard library; writing the files needs NumPy, as reading them does.
"""

import json
import os
import pickle
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from mvr_client import Client, picture_bytes  # noqa: E402


def encode_dataset(model, rows, dataset, folder, url="http://127.0.0.1:8080", key=None, batch=16):
    """Writes the three files of a data set."""
    import numpy

    queries, targets, infos = encode_rows(Client(url, key), model, rows, batch)
    os.makedirs(folder, exist_ok=True)
    stem = os.path.join(folder, dataset)
    with open(stem + "_qry", "wb") as file:
        pickle.dump(numpy.asarray(queries, dtype="float32"), file)
    with open(stem + "_tgt", "wb") as file:
        pickle.dump({name: numpy.asarray(vector, dtype="float32") for name, vector in targets.items()}, file)
    with open(stem + "_info.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(info) + "\n" for info in infos)


def encode_rows(client, model, rows, batch=16):
    """Vectors of the queries in order, of every candidate once by its name, and the infos."""
    queries, infos, candidates = [], [], {}
    for row in rows:
        queries.append(_item(row.get("query_text"), row.get("query_image")))
        info = row["dataset_infos"]
        infos.append(info)
        for name, text, image in zip(info["cand_names"], row["cand_text"], row["cand_image"]):
            candidates.setdefault(name, _item(text, image))
    asked = _encode(client, model, queries, "query", batch)
    return asked, dict(zip(candidates, _encode(client, model, list(candidates.values()), "document", batch))), infos


def _item(text, image):
    # A model of two towers reads a picture or a text; what has a picture is one.
    return picture_bytes(image) if image is not None else text


def _encode(client, model, items, role, batch):
    vectors = []
    for start in range(0, len(items), batch):
        vectors += client.embed(model, items[start:start + batch], role)
    return vectors
