namespace MultiVecRetrieval.Search;

/// <summary>What one side of a search found, best first.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Entries">The entries with the scores that the side gave.</param>
internal sealed record RankedSide(string Name, IReadOnlyList<ScoredEntry> Entries)
{
    /// <summary>The query, of a vector side.</summary>
    public VectorSide? Vectors { get; init; }

    /// <summary>The query, of full text.</summary>
    public TextSide? Text { get; init; }

    /// <summary>What of the question it answers.</summary>
    public QuestionPart Part => Text is not null ? QuestionPart.Words : Vectors?.Part ?? QuestionPart.Example;

    /// <summary>True when a score of this side alone says that an entry is an answer, or when it cannot tell.</summary>
    public bool IsLikely(double score) =>
        (Vectors is not { Kind: EvidenceKind.Passages or EvidenceKind.Pictures, Presence: { } presence }
            || score >= presence * Vectors.RowCount)
        && (Text is null || Text.Query.Wanted.Any(clause => !clause.IsCommon));
}
