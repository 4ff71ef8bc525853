namespace MultiVecRetrieval.Ann;

/// <summary>How inverted lists are built.</summary>
public sealed record IvfOptions
{
    /// <summary>The most lists.</summary>
    public const int MaxListCount = 1 << 20;

    /// <summary>Lists that rows are divided into, up to <see cref="MaxListCount"/>; 0, the default, takes about 4 √n. At most the number of
    /// rows.</summary>
    public int ListCount { get; init; }

    /// <summary>Seed of the rotation and of the centroids. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads that building may use; the lists do not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// A sample of queries, [queries × d] row-major: those of another modality lie elsewhere than the rows, and are scored more
    /// precisely when their mean is known. Empty, the default, when they are like the rows.
    /// </summary>
    public ReadOnlyMemory<float> Queries { get; init; }

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Check(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ListCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ListCount, MaxListCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        if (Queries.Length % dimension != 0)
        {
            throw new ArgumentException($"The sample of {Queries.Length} query values is no whole number of queries of {dimension}.");
        }
    }
}
