"""`mvr serve` as a vision retriever of vidore-benchmark.

    from vidore_benchmark.evaluation.vidore_evaluators import ViDoReEvaluatorBEIR
    from mvr_vidore import MvrRetriever
    ViDoReEvaluatorBEIR(MvrRetriever("NAME")).evaluate_dataset(dataset, batch_query=8, batch_passage=4, batch_score=4)

It keeps the methods of that package's retrievers: forward_queries, forward_passages, get_scores. Scores are MaxSim without padding: the rows of a
page are compared as they are, so that they do not depend on what else is in a batch. Importing it needs the standard library alone.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from mvr_client import Client, picture_bytes  # noqa: E402


class MvrRetriever:
    use_visual_embedding = True

    def __init__(self, model, url="http://127.0.0.1:8080", key=None):
        self._client, self._model = Client(url, key), model
        self._has_rows = self._client.is_multi_vector(model)

    def forward_queries(self, queries, batch_size=8, **kwargs):
        return self._forward(list(queries), batch_size, "query")

    def forward_passages(self, passages, batch_size=4, **kwargs):
        return self._forward([picture_bytes(page) for page in passages], batch_size, "document")

    def get_scores(self, query_embeddings, passage_embeddings, batch_size=None, **kwargs):
        try:
            import torch
        except ImportError:
            return [[max_sim(query, page) for page in passage_embeddings] for query in query_embeddings]
        queries = [torch.tensor(query) for query in query_embeddings]
        scores = torch.empty(len(queries), len(passage_embeddings))
        for column, page in enumerate(passage_embeddings):
            rows = torch.tensor(page).T
            for line, query in enumerate(queries):
                scores[line, column] = (query @ rows).max(dim=1).values.sum()
        return scores

    def _forward(self, items, batch_size, role):
        rows = []
        for start in range(0, len(items), batch_size):
            batch = items[start:start + batch_size]
            rows += self._client.pool(self._model, batch, role) if self._has_rows else [
                [vector] for vector in self._client.embed(self._model, batch, role)]
        return rows


def max_sim(query, page):
    """For each query row the best page row; then the sum."""
    return sum(max(sum(x * y for x, y in zip(row, other)) for other in page) for row in query)
