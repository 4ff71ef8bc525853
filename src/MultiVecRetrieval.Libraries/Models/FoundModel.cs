using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Reranking;

namespace MultiVecRetrieval;

/// <summary>A folder that may be a model.</summary>
/// <param name="Folder">Its path.</param>
/// <param name="Contract">What it encodes, and how; null when it cannot be read, and of a reranker.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
public sealed record FoundModel(string Folder, ModelContract? Contract, string? Problem)
{
    /// <summary>What the reranker is; null when the folder is none.</summary>
    public RerankerContract? Reranker { get; init; }

    /// <summary>The name by which requests call it.</summary>
    public string Name => Contract?.Name ?? Reranker?.Name ?? Path.GetFileName(Folder);
}
