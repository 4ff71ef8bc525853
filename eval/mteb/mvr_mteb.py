"""`mvr serve` as a model or as a retriever of mteb 2.x.

    import mteb
    from mvr_mteb import MvrEncoder, MvrSearch
    mteb.evaluate(MvrSearch(models=["NAME"]), mteb.get_tasks(tasks=["Vidore3HrRetrieval"]), prediction_folder="predictions")

MvrSearch keeps mteb's SearchProtocol: the server indexes the corpus and ranks it, as in use. MvrEncoder keeps its EncoderProtocol: mteb ranks
by the vectors of one model. Nothing but the standard library is needed to import this file; mteb and NumPy are, to evaluate.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from mvr_client import Client, picture_bytes  # noqa: E402


def _meta(name, revision):
    """mteb's description of a model; a plain object of the same two names where mteb is not installed."""
    try:
        from mteb.models.model_meta import ModelMeta
    except ImportError:
        return type("ModelMeta", (), {"name": name, "revision": revision})()
    return ModelMeta.create_empty(overwrites={"name": name, "revision": revision})


def _rows(dataset):
    for row in dataset:
        yield row


def _text(row):
    parts = [row.get("title"), row.get("text") or row.get("query")]
    return "\n\n".join(part for part in parts if part)


class MvrSearch:
    """The server's own index and ranking."""

    def __init__(self, models, url="http://127.0.0.1:8080", key=None, using="vectors", collection="mteb", name="mvr/search", revision="local",
                 batch=64):
        self._client = Client(url, key)
        self._models, self._using, self._collection, self._batch = models, using, collection, batch
        self._ids = {}
        self.mteb_model_meta = _meta(name, revision)

    def index(self, corpus, *, task_metadata=None, hf_split=None, hf_subset=None, encode_kwargs=None, num_proc=None):
        self._ids = {}
        try:
            self._client.delete(self._collection)
        except RuntimeError:
            pass  # There was none of a task before.
        self._client.create(self._collection, self._models)
        batch = []
        for number, row in enumerate(_rows(corpus)):
            picture = row.get("image")
            file = f"{number:08d}" + (".png" if picture is not None else ".txt")
            self._ids[file] = str(row["id"])
            batch.append((file, picture_bytes(picture) if picture is not None else _text(row).encode()))
            if len(batch) == self._batch:
                self._client.upload(self._collection, batch)
                batch = []
        if batch:
            self._client.upload(self._collection, batch)

    def search(self, queries, *, task_metadata=None, hf_split=None, hf_subset=None, top_k=1000, encode_kwargs=None, top_ranked=None,
               num_proc=None):
        results = {}
        for row in _rows(queries):
            picture = row.get("image")
            allowed = set(top_ranked[row["id"]]) if top_ranked else None
            found = self._client.search(
                self._collection, text=_text(row) or None, image=picture_bytes(picture) if picture is not None else None,
                top=len(self._ids) if allowed is not None else min(top_k, len(self._ids)), using=self._using)
            # mteb breaks ties of scores by id; the server's order is told by scores that fall.
            ranked = [self._ids[key] for key, _ in found]
            ranked = [item for item in ranked if allowed is None or item in allowed][:top_k]
            results[str(row["id"])] = {item: 1.0 / (rank + 1) for rank, item in enumerate(ranked)}
        return results


class MvrEncoder:
    """The vectors of one model, of a single row each."""

    def __init__(self, model_name, revision=None, *, url="http://127.0.0.1:8080", key=None, device=None, **kwargs):
        self._client, self._model = Client(url, key), model_name
        self.mteb_model_meta = _meta(model_name if "/" in model_name else f"mvr/{model_name}", revision or "local")

    def encode(self, inputs, *, task_metadata=None, hf_split=None, hf_subset=None, prompt_type=None, **kwargs):
        role = "query" if getattr(prompt_type, "value", prompt_type) == "query" else "document"
        vectors = []
        for batch in inputs:
            items = [picture_bytes(picture) for picture in batch["image"]] if batch.get("image") is not None else list(batch["text"])
            vectors += self._client.embed(self._model, items, role)
        return _array(vectors)

    def similarity(self, embeddings1, embeddings2):
        torch = _torch()
        if torch is None:
            return [[_dot(a, b) for b in embeddings2] for a in embeddings1]
        return torch.as_tensor(embeddings1) @ torch.as_tensor(embeddings2).T

    def similarity_pairwise(self, embeddings1, embeddings2):
        torch = _torch()
        if torch is None:
            return [_dot(a, b) for a, b in zip(embeddings1, embeddings2)]
        return (torch.as_tensor(embeddings1) * torch.as_tensor(embeddings2)).sum(dim=1)


def _dot(a, b):
    return float(sum(x * y for x, y in zip(a, b)))


def _torch():
    """mteb ranks tensors; without it this file is only tried."""
    try:
        import torch
    except ImportError:
        return None
    return torch


def _array(values):
    try:
        import numpy
    except ImportError:
        return values
    return numpy.asarray(values, dtype="float32")
