using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>Entries with their rows, and queries whose answers are known.</summary>
internal sealed record Workload
{
    /// <summary>For headings and files: <c>pages</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on where the vectors come from.</summary>
    public required string Origin { get; init; }

    /// <summary>d, the length of a row.</summary>
    public required int Dimension { get; init; }

    /// <summary>The rows of each entry with their places.</summary>
    public required IReadOnlyList<MultiVector> Entries { get; init; }

    /// <summary>Where each entry comes from: its document, or its set of pictures.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Queries that nothing was chosen or trained by.</summary>
    public required IReadOnlyList<WorkloadQuery> HeldOut { get; init; }

    /// <summary>Queries that a codec may learn from, where a trial says so.</summary>
    public required IReadOnlyList<WorkloadQuery> Tuning { get; init; }

    /// <summary>Splits queries: every third is for tuning.</summary>
    public static (IReadOnlyList<WorkloadQuery> HeldOut, IReadOnlyList<WorkloadQuery> Tuning) Split(IReadOnlyList<WorkloadQuery> queries) =>
        ([.. queries.Where((_, i) => i % 3 != 2)], [.. queries.Where((_, i) => i % 3 == 2)]);
}
