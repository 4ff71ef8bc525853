namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>What a query row and a code are compared by. All fill the same table, so all cost the same per entry.</summary>
/// <remarks>
/// <para>Use <see cref="Query"/>. The others replace the query row by the code of its nearest centroid first, which loses what the row says
/// beyond that, and save only the work of one small table per query; they are here to be measured, and for queries of which only codes are
/// left.</para>
/// <list type="table">
/// <listheader><term>kind</term><description>when; rank correlation with the cosine of the rows themselves (256 centroids of clustered
/// rows, d = 32: CodeIdsTests)</description></listheader>
/// <item><term><see cref="Query"/></term><description>always, unless only the code of a query is known; not symmetric, so without such a
/// figure</description></item>
/// <item><term><see cref="Centroids"/></term><description>only codes are known: the most that codes can tell of each other;
/// .84</description></item>
/// <item><term><see cref="Signs"/></term><description>as before, without the centroids: 1 bit a dimension stands for each;
/// .64</description></item>
/// <item><term><see cref="Hamming"/></term><description>as before, with nothing but the ⌈log2 K⌉ bits of the ids; useless with ids in
/// arbitrary order; .38, and .01 with such ids</description></item>
/// </list>
/// </remarks>
internal enum CodeSimilarity
{
    /// <summary>⟨q, c⟩: the query row as it is.</summary>
    Query,

    /// <summary>⟨c(q), c⟩: a K × K table of centroids.</summary>
    Centroids,

    /// <summary>1 - 2h/d, h the number of dimensions in which c(q) and c differ in sign.</summary>
    Signs,

    /// <summary>1 - 2h/b, h the number of bits in which the ids of c(q) and c differ, b = ⌈log2 K⌉.</summary>
    Hamming,
}
