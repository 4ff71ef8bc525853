namespace MultiVecRetrieval.Benchmarks.Growth;

/// <summary>What a collection of one size takes.</summary>
internal sealed record GrowthSize
{
    public required int PageCount { get; init; }

    /// <summary>To make the pages, store and commit them.</summary>
    public required double IngestSeconds { get; init; }

    /// <summary>To train the tiers, to encode all pages and to measure recall.</summary>
    public required double BuildSeconds { get; init; }

    /// <summary>Bytes of rows a page.</summary>
    public required double RowBytes { get; init; }

    /// <summary>Bytes of each tier a page.</summary>
    public required IReadOnlyDictionary<string, double> TierBytes { get; init; }

    /// <summary>Bytes of everything else a page: the catalog, above all.</summary>
    public required double CatalogBytes { get; init; }

    /// <summary>The most memory that the process had of its own until its tiers were built, in MiB.</summary>
    public required double PeakMegabytes { get; init; }

    public required IReadOnlyList<GrowthTime> Times { get; init; }
}
