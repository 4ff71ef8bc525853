namespace MultiVecRetrieval.Search;

/// <summary>What one side of a search found.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Entries">The entries with the scores that the side gave, best first.</param>
internal sealed record RankedSide(string Name, IReadOnlyList<ScoredEntry> Entries)
{
    /// <summary>The part of the question that it answers; the first of several.</summary>
    public int Part { get; init; }

    /// <summary>The query, of a vector side.</summary>
    public VectorSide? Vectors { get; init; }

    /// <summary>The query, of full text.</summary>
    public TextSide? Text { get; init; }

    /// <summary>The scores of entries that it ranks below <see cref="Entries"/> and another part found.</summary>
    public IReadOnlyList<ScoredEntry> Completed { get; init; } = [];

    /// <summary>What it says of where an entry matches.</summary>
    public required Func<long, IEnumerable<HitMatch>> Explain { get; init; }

    /// <summary>Every entry whose score is known, best first.</summary>
    public IReadOnlyList<ScoredEntry> Known =>
        Completed.Count == 0 ? Entries : field ??= [.. Entries.Concat(Completed).OrderByDescending(entry => entry.Score)];

    /// <summary>True when the score of this side alone says that an entry is an answer, or when it cannot tell.</summary>
    public bool IsLikely(ScoredEntry entry) =>
        (Vectors is not { Kind: EvidenceKind.Passages or EvidenceKind.Pictures, Presence: { } presence }
            || entry.Score >= Vectors.GetPresence(entry.EntryId, presence) * Vectors.WeightSum)
        && (Text is null || Text.Query.Wanted.Any(clause => !clause.IsCommon));

    /// <summary>True where it marks every hit, also those that it did not rank because another side knows as much of them.</summary>
    public bool MarksAll { get; init; }
}
