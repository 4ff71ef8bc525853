using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>How <see cref="KMeans"/> trains.</summary>
public sealed record KMeansOptions
{
    /// <summary>Passes over the rows at most; fewer when nothing changes any more. At least 1. Default 10.</summary>
    public int Iterations { get; init; } = 10;

    /// <summary>
    /// True (default): centroids have unit length and a row belongs to the one of the greatest inner product (or zero length, when the rows
    /// of a cell cancel out). False: centroids are means and a row belongs to the one at the least Euclidean distance.
    /// </summary>
    public bool IsSpherical { get; init; } = true;

    /// <summary>More rows than this times the number of centroids are sampled down, one from each of equal runs. At least 1. Default
    /// 256.</summary>
    public int MaxRowsPerCentroid { get; init; } = 256;

    /// <summary>Seed of every random choice. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads that training may use; the result does not depend on it. At least 1. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The most centroids that are trained in one level.</summary>
    internal int MaxFlatCount { get; init; } = 4_096;

    /// <summary>What the products are computed with; the result does not depend on it.</summary>
    internal InstructionSet InstructionSet { get; init; } = InstructionSets.Best;
}
