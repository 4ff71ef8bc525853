"""Plays the part of mteb, vidore-benchmark and MMEB's scripts against a running server: calls what they call, in their order.

Usage: evaluation_shims.py EVAL_FOLDER SERVER MODEL ROWS_MODEL PICTURES RED: PICTURES are names and base64 as JSON, RED is a file. Prints what
was answered, as JSON.
"""

import base64
import json
import os
import sys

folder, server, model, rows_model, pictures, red = sys.argv[1:7]
for name in ("mteb", "vidore", "mmeb"):
    sys.path.insert(0, os.path.join(folder, name))
from mvr_mmeb import encode_rows  # noqa: E402
from mvr_mteb import MvrEncoder, MvrSearch  # noqa: E402
from mvr_vidore import Client, MvrRetriever  # noqa: E402

pictures = {name: base64.b64decode(content) for name, content in json.loads(pictures).items()}


class Picture:
    """What a data set gives for a picture: it can be saved."""

    def __init__(self, content):
        self.content = content

    def save(self, file, format):
        assert format == "PNG"
        file.write(self.content)


def mteb_search():
    search = MvrSearch(models=[model], url=server, collection="shim", batch=4)
    corpus = [{"id": f"page {name}", "image": Picture(content)} for name, content in pictures.items()]
    search.index(corpus, task_metadata=None, hf_split="test", hf_subset="default", encode_kwargs={}, num_proc=None)
    queries = [{"id": "q1", "text": "red"}, {"id": "q2", "text": "blue"}]
    found = search.search(queries, task_metadata=None, hf_split="test", hf_subset="default", top_k=2, encode_kwargs={}, num_proc=None)
    reranked = search.search(queries[:1], top_k=5, top_ranked={"q1": ["page blue", "page yellow"]})
    return {"name": search.mteb_model_meta.name, "found": found, "reranked": reranked}


def mteb_encode():
    encoder = MvrEncoder(model, url=server)
    texts = encoder.encode([{"text": ["red", "blue"]}], prompt_type="query")
    images = encoder.encode([{"image": [Picture(content) for content in pictures.values()]}], prompt_type="document")
    similarity = encoder.similarity(texts, images)
    return [[float(value) for value in row] for row in similarity]


def vidore():
    retriever = MvrRetriever(rows_model, url=server)
    queries = retriever.forward_queries(["red and blue", "green"], batch_size=1)
    pages = retriever.forward_passages([Picture(content) for content in pictures.values()], batch_size=2)
    scores = retriever.get_scores(queries, pages, batch_size=4)
    return {"rows": [len(rows) for rows in queries], "scores": [[float(value) for value in row] for row in scores]}


def mmeb():
    rows = [{"query_text": "", "query_image": red, "cand_text": ["red", "blue"], "cand_image": [None, None],
             "dataset_infos": {"cand_names": ["red", "blue"], "label_name": "red"}}]
    queries, targets, infos = encode_rows(Client(server), model, rows)
    return {"infos": infos, "dots": {name: sum(x * y for x, y in zip(queries[0], vector)) for name, vector in targets.items()}}


print(json.dumps({"search": mteb_search(), "encode": mteb_encode(), "vidore": vidore(), "mmeb": mmeb()}))
