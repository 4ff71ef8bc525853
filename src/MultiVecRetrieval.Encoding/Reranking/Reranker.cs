namespace MultiVecRetrieval.Encoding.Reranking;

/// <summary>Scores pairs of a query and a document. Thread-safe.</summary>
internal abstract class Reranker
{
    /// <summary>One result per document, in their order.</summary>
    /// <exception cref="ArgumentException">The query leaves no place for a document.</exception>
    public abstract IReadOnlyList<PairRelevance> Score(
        string query, IReadOnlyList<string> documents, int threads, CancellationToken cancellationToken);
}
