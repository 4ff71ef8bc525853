namespace MultiVecRetrieval;

/// <summary>How the vectors of one space were searched.</summary>
public sealed record SearchPlan
{
    /// <summary><c>vectors:SPACE</c>.</summary>
    public required string Side { get; init; }

    /// <summary>The stages in order: the specs of the tiers whose codes chose candidates, then <c>exact</c>.</summary>
    public required IReadOnlyList<string> Stages { get; init; }

    /// <summary>Candidates of the last tier that were to be scored exactly; 0 when all entries were.</summary>
    public int Budget { get; init; }

    /// <summary>Candidates that each tier passed on, the last one's being <see cref="Budget"/>; empty when all entries were scored
    /// exactly.</summary>
    public IReadOnlyList<int> Budgets { get; init; } = [];

    /// <summary>Entries scored by codes.</summary>
    public long CodedCount { get; init; }

    /// <summary>Entries scored by their rows.</summary>
    public long ExactCount { get; init; }

    /// <summary>
    /// True when the hits are those of an exact search, because every entry was scored exactly or a bound excluded the rest; with
    /// <see cref="RowLimit"/>, of an exact search over the first rows.
    /// </summary>
    public bool IsExact { get; init; }

    /// <summary>Rows of an entry that were scored at most, its first ones; null when all were. See
    /// <see cref="SearchOptions.RowLimit"/>.</summary>
    public int? RowLimit { get; init; }

    /// <summary>The recall measured for this tier and budget on held-out queries; null when exact or not measured.</summary>
    public double? EstimatedRecall { get; init; }

    /// <summary>Lower end of the interval of <see cref="EstimatedRecall"/>.</summary>
    public double? RecallLowerBound { get; init; }

    /// <summary>True when upper bounds proved that the entries which were not scored are no hits.</summary>
    public bool IsProven { get; init; }

    /// <summary>How the rows of the query were made of several parts of a question, for people; null when they were not.</summary>
    public string? Formula { get; init; }

    /// <summary>Why this plan, for people.</summary>
    public required string Reason { get; init; }
}
