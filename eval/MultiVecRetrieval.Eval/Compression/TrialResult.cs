using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>What a trial measured on the held-out queries; intervals are 95 % bootstraps over them.</summary>
internal sealed record TrialResult
{
    public required string Name { get; init; }

    public required string Series { get; init; }

    /// <summary>Bytes of codes an entry.</summary>
    public required double BytesPerEntry { get; init; }

    /// <summary>Rows an entry after the reduction.</summary>
    public required double RowsPerEntry { get; init; }

    public required ConfidenceInterval NdcgAt10 { get; init; }

    public required ConfidenceInterval HitAt1 { get; init; }

    public required ConfidenceInterval HitAt10 { get; init; }

    /// <summary>Share of the ten best by float32 of all rows that are among the ten best here.</summary>
    public required ConfidenceInterval RecallAt10 { get; init; }

    /// <summary>Share of the ten best by float32 among the first 100: what rescoring 100 exactly finds of them.</summary>
    public required ConfidenceInterval RecallAt100 { get; init; }

    /// <summary>Likewise among the first 1,000.</summary>
    public required ConfidenceInterval RecallAt1000 { get; init; }

    /// <summary>nDCG@10 when the first 100 are scored exactly.</summary>
    public required ConfidenceInterval RescoredNdcgAt10 { get; init; }

    /// <summary>Share of nearly equal pairs told apart by the one row in which they differ; null where entries have one row.</summary>
    public required double? NeedleShare { get; init; }

    /// <summary>Processor milliseconds of reducing and encoding an entry.</summary>
    public required double EncodeMsPerEntry { get; init; }

    /// <summary>Processor milliseconds of scoring all entries with one query, preparation included.</summary>
    public required double ScoreMsPerQuery { get; init; }

    /// <summary>Processor seconds of training.</summary>
    public required double TrainSeconds { get; init; }
}
