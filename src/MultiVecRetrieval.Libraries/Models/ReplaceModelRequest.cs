namespace MultiVecRetrieval;

/// <summary>A model that is to take the place of another one in a collection.</summary>
public sealed record ReplaceModelRequest
{
    /// <summary>Name of the collection.</summary>
    public required string Collection { get; init; }

    /// <summary>The space whose place is to be taken; it is asked until then. Its model need not be there any more.</summary>
    public required string Space { get; init; }

    /// <summary>Name or folder of the new model. The model of a space that was kept takes that space again.</summary>
    public required string Model { get; init; }

    /// <summary>Switch although the new space lacks entries that the old one has: files that are gone or fail. Default false.</summary>
    public bool AllowMissing { get; init; }
}
