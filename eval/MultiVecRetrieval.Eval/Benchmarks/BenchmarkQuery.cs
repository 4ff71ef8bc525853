namespace MultiVecRetrieval.Eval.Benchmarks;

/// <summary>What a benchmark asks: a text, a picture, or both as one question.</summary>
/// <param name="Id">Its id in the benchmark.</param>
internal sealed record BenchmarkQuery(string Id)
{
    /// <summary>Words; with a picture they say how the answer differs from it.</summary>
    public string? Text { get; init; }

    /// <summary>A picture, as an encoded file in memory.</summary>
    public ReadOnlyMemory<byte>? Picture { get; init; }

    /// <summary>A picture on disk.</summary>
    public string? File { get; init; }

    /// <summary>An item of the corpus to search by.</summary>
    public string? LikeItem { get; init; }

    /// <summary>Ids of the only items that are ranked; null for all.</summary>
    public IReadOnlyList<string>? Candidates { get; init; }

    /// <summary>Ids of items that are no answers, such as the picture that a composed question starts from.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>The part of the benchmark that it belongs to, such as a language or a category; null where there are none.</summary>
    public string? Group { get; init; }

    /// <summary>The bytes of its picture; null where it has none.</summary>
    public ReadOnlyMemory<byte>? ReadPicture() =>
        Picture ?? (File is null ? (ReadOnlyMemory<byte>?)null : System.IO.File.ReadAllBytes(File));
}
