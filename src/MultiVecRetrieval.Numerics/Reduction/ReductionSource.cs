namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>An entry's rows and what is known of them.</summary>
public readonly ref struct ReductionSource
{
    /// <summary>The rows, [rows × d].</summary>
    public required MultiVectorView Rows { get; init; }

    /// <summary>One place per row, or empty when unknown.</summary>
    public ReadOnlySpan<Place> Places { get; init; }

    /// <summary>The importance of each row, higher is more important: attention that the encoder gave, for instance. Empty when
    /// unknown.</summary>
    public ReadOnlySpan<float> Saliency { get; init; }
}
