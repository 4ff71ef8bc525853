namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Scores packed entries against one query by MaxSim: Σ_i max_j ⟨q_i, d_j⟩.</summary>
/// <remarks>Prepared once per query and format; immutable afterwards, safe for concurrent use, no allocation per score.</remarks>
public sealed class MaxSimScorer
{
    /// <summary>Prepares <paramref name="query"/> for entries stored in <paramref name="format"/>.</summary>
    public MaxSimScorer(MultiVectorView query, RowFormat format)
    {
        Format = format;
        QueryRowCount = query.RowCount;
        Dimension = query.Dimension;
    }

    /// <summary>The format of the entries that this scorer reads.</summary>
    public RowFormat Format { get; }

    /// <summary>The number of query rows.</summary>
    public int QueryRowCount { get; }

    /// <summary>d, the length of a row.</summary>
    public int Dimension { get; }

    /// <summary>The score of one entry; higher is closer. Negative infinity for an entry without rows, 0 for a query without rows.</summary>
    public float Score(ReadOnlySpan<byte> packed, int rowCount) => throw new NotSupportedException();

    /// <summary>Fills, per query row, its best similarity and the index of the entry row that reached it (the lowest on a tie).</summary>
    public void Explain(ReadOnlySpan<byte> packed, int rowCount, Span<float> bestSimilarities, Span<int> bestRows) =>
        throw new NotSupportedException();
}
