namespace MultiVecRetrieval.Eval.Latency;

/// <summary>How the suite of search times runs.</summary>
internal sealed record LatencyOptions
{
    /// <summary>Folder of collections.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The collection to copy.</summary>
    public required string Collection { get; init; }

    /// <summary>Folder of <c>*.jsonl</c> files of questions.</summary>
    public required string QuestionsFolder { get; init; }

    /// <summary>Entries of the grown collection, at least.</summary>
    public int EntryCount { get; init; } = 10_000;
}
