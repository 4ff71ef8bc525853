namespace MultiVecRetrieval;

/// <summary>How alike a query and a document are; higher is closer.</summary>
/// <param name="Score">MaxSim Σ_i max_j ⟨q_i, d_j⟩, in [-n, n] for n query rows of unit length: the cosine where both sides are one row.
/// -n for a document without rows.</param>
/// <param name="Relevance">(1 + Score / n) / 2, cut to [0, 1]: 1 where every query row stands in the document as it is, 0.5 where nothing
/// of it does. It ranks as the score does, for documents of one query.</param>
public sealed record PairScore(float Score, double Relevance);
