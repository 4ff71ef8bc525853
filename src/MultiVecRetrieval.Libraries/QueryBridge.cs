using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval;

/// <summary>Lets a new model ask a space that an old one filled: what the new model makes of a query is led into the old model's
/// space.</summary>
public sealed record QueryBridge
{
    /// <summary>The model that encodes the query: a folder, or its name.</summary>
    public required string Model { get; init; }

    /// <summary>What leads there, of compatible training; see <see cref="BinarizerFile"/>.</summary>
    public required BinarizerTraining Binarizer { get; init; }

    /// <summary>The space to search; null for the first whose rows are as long as what the binariser makes.</summary>
    public string? Space { get; init; }
}
