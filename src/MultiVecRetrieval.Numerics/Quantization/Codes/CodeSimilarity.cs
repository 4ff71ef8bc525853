namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>What a query row and a code are compared by. Both fill the same table, so both cost the same per entry.</summary>
internal enum CodeSimilarity
{
    /// <summary>⟨q, c⟩: the query row as it is.</summary>
    Query,

    /// <summary>
    /// 1 - 2h/b, h the number of bits in which the id of the nearest centroid of the query row and the code differ, b = ⌈log2 K⌉: for
    /// queries of which only codes are left. Its rank correlation with the cosine of the rows is .38 (256 centroids of clustered rows,
    /// d = 32: CodeIdsTests), and .01 with ids in arbitrary order.
    /// </summary>
    Hamming,
}
