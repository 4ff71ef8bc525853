namespace MultiVecRetrieval.Eval.Benchmarks;

/// <summary>What a benchmark ranks: a text, a picture (with or without a text beside it), or a file.</summary>
/// <param name="Id">Its id in the benchmark.</param>
internal sealed record CorpusItem(string Id)
{
    /// <summary>Its text; null where it has none.</summary>
    public string? Text { get; init; }

    /// <summary>The title of its text.</summary>
    public string? Title { get; init; }

    /// <summary>A picture, as an encoded file in memory.</summary>
    public ReadOnlyMemory<byte>? Picture { get; init; }

    /// <summary>A picture, video or document on disk.</summary>
    public string? File { get; init; }

    /// <summary>Title and text as one text; empty where it has neither.</summary>
    public string FullText => string.Join("\n\n", new[] { Title, Text }.Where(part => !string.IsNullOrWhiteSpace(part)));

    /// <summary>True where the text is all there is.</summary>
    public bool IsText => Picture is null && File is null;

    /// <summary>The bytes of its picture or file; null of a text.</summary>
    public ReadOnlyMemory<byte>? ReadBytes() => Picture ?? (File is null ? (ReadOnlyMemory<byte>?)null : System.IO.File.ReadAllBytes(File));
}
