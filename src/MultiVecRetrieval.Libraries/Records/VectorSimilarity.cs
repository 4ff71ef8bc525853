namespace MultiVecRetrieval;

/// <summary>How the vectors of a client are compared.</summary>
public enum VectorSimilarity
{
    /// <summary>By direction: vectors are given length 1 when they are stored and when they are asked with. Scores are in
    /// [-1, 1].</summary>
    Cosine,

    /// <summary>By dot product, lengths as they are.</summary>
    Dot,
}
