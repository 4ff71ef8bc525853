using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>What a client stores without a file: vectors, and JSON beside them.</summary>
public sealed record VectorRecord
{
    /// <summary>The key of its document and of its entry; unique in the collection.</summary>
    public required string Key { get; init; }

    /// <summary>Its vectors by the name of their <see cref="VectorSpec"/>; a space may be left out.</summary>
    public IReadOnlyDictionary<string, MultiVector> Vectors { get; init; } = new Dictionary<string, MultiVector>();

    /// <summary>A JSON object; kept as it is, and found by filters as <c>meta.NAME</c>: members of objects as <c>a.b</c>, elements of
    /// lists each, members of objects in lists as <c>a[].b</c>. Its texts are searched as words. Null: nothing.</summary>
    public string? Payload { get; init; }
}
