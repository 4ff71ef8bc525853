namespace MultiVecRetrieval;

/// <summary>What clients say of a collection as a store of their files. It goes where the collection's folder goes.</summary>
public sealed class StoreLabel
{
    /// <summary>What they call it; null where it has its own name alone.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for; null where nothing was said.</summary>
    public string? Description { get; init; }

    /// <summary>Whatever they want to know of it later.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
