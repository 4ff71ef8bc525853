namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>What makes a row important.</summary>
internal enum ImportanceKind
{
    /// <summary>What the encoder says: attention.</summary>
    Attention,

    /// <summary>Having few near neighbours on the page.</summary>
    Density,

    /// <summary>Being far from the mean of the page.</summary>
    Distance,

    /// <summary>Having few rows of the page within a cosine.</summary>
    Rarity,

    /// <summary>Nothing: all rows are alike.</summary>
    Uniform,
}
