namespace MultiVecRetrieval.Numerics;

/// <summary>
/// Identifies a vector space: a hash of model graph, preprocessing, prompt profile and pooling. Vectors of different
/// spaces are never compared.
/// </summary>
/// <param name="Value">Lower-case hexadecimal text, as the encoder computed it.</param>
public readonly record struct SpaceId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
