namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Why a file is not read.</summary>
/// <param name="State">Failed or excluded.</param>
/// <param name="Reason">For people.</param>
/// <param name="Setting">The limit that decided, or null.</param>
/// <param name="IsUnsupported">True when files of its type are not read.</param>
internal sealed record Refusal(SourceState State, string Reason, string? Setting, bool IsUnsupported = false);
