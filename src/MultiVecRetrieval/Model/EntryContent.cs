using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>An entry with everything that is stored for it.</summary>
public sealed record EntryContent
{
    /// <summary>The entry itself.</summary>
    public required Entry Entry { get; init; }

    /// <summary>Its rows by space name. A space in which it has no rows may be left out.</summary>
    public IReadOnlyDictionary<string, MultiVector> Vectors { get; init; } = new Dictionary<string, MultiVector>();

    /// <summary>Its text, for full-text search; null when it has none.</summary>
    public TextLayer? Text { get; init; }

    /// <summary>Perceptual hashes, for near-duplicate search.</summary>
    public IReadOnlyList<Fingerprint> Fingerprints { get; init; } = [];
}
