namespace MultiVecRetrieval.Ann;

/// <summary>How a graph is built.</summary>
public sealed record HnswOptions
{
    internal const int LeastM = 2;
    internal const int MostM = 128;

    /// <summary>Links that a node is given when it is inserted; it keeps up to 2M. In [2, 128]. Default 16.</summary>
    public int M { get; init; } = 16;

    /// <summary>
    /// Effort of inserting a node, in the measure of other libraries: 1.6 times as many candidates are kept. More make a better graph, more
    /// slowly. At least <see cref="M"/>. Default 128.
    /// </summary>
    public int EfConstruction { get; init; } = 128;

    /// <summary>What nodes keep of their rows, which searches score: less makes nodes smaller and finds less. Default int8 codes.</summary>
    public HnswNodes Nodes { get; init; } = HnswNodes.Int8;

    /// <summary>Seed of the order of insertion and of the rotation. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads that building may use; the graph does not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// A sample of queries, [queries × d] row-major: those of another modality lie elsewhere than the rows and get entry points
    /// of their own. Empty, the default, when they are like the rows.
    /// </summary>
    public ReadOnlyMemory<float> Queries { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="ArgumentException">The sample holds no whole number of queries.</exception>
    internal void Check(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(M, LeastM);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(M, MostM);
        ArgumentOutOfRangeException.ThrowIfLessThan(EfConstruction, M);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)Nodes, (uint)HnswNodes.Signs, nameof(Nodes));
        if (Queries.Length % dimension != 0)
        {
            throw new ArgumentException($"The sample of {Queries.Length} query values is no whole number of queries of {dimension}.");
        }
    }
}
