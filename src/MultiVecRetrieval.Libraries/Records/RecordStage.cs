namespace MultiVecRetrieval;

/// <summary>A stage of a search of records: what it ranks by, and the stages whose results it ranks.</summary>
public sealed record RecordStage
{
    /// <summary>How it ranks. Null: in the order of keys.</summary>
    public RecordQuery? Query { get; init; }

    /// <summary>The stages before; what any of them found is ranked. Default none: everything is.</summary>
    public IReadOnlyList<RecordStage> Before { get; init; } = [];

    /// <summary>What is ranked. Null: everything.</summary>
    public Filter? Filter { get; init; }

    /// <summary>Results of a lower score are left out. Null: none.</summary>
    public double? MinScore { get; init; }

    /// <summary>Results at most. Default 10.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>Read the vectors of everything that is ranked, however long it takes. Default false.</summary>
    public bool IsExact { get; init; }
}
