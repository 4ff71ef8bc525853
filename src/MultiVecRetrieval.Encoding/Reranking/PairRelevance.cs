namespace MultiVecRetrieval.Encoding.Reranking;

/// <summary>How well a document answers a query, as a reranker has it; higher is better.</summary>
/// <param name="Score">As the model's configuration wants it: the logit, or its logistic.</param>
/// <param name="Relevance">In [0, 1]: the logistic of the logit. It ranks as the score does.</param>
/// <param name="TokenCount">Tokens of query and document that the model read, with the special ones; 0 where nobody says.</param>
/// <param name="OmittedTokenCount">Tokens at the end of the document that were left out.</param>
public sealed record PairRelevance(float Score, double Relevance, int TokenCount, int OmittedTokenCount);
