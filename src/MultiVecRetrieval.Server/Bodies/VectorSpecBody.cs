using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A space for vectors that a client brings.</summary>
public sealed record VectorSpecBody
{
    /// <summary>Its name; a model of the collection has another.</summary>
    public required string Name { get; init; }

    /// <summary>Length of a vector.</summary>
    public required int Dimension { get; init; }

    /// <summary>cosine (default) or dot.</summary>
    public string? Similarity { get; init; }

    /// <summary>Whether a record may have many vectors, compared by MaxSim. Default false.</summary>
    public bool IsMultiVector { get; init; }

    /// <summary>float32 (default), float16 or int8.</summary>
    public string? RowFormat { get; init; }

    internal VectorSpec ToSpec() => new()
    {
        Name = Name,
        Dimension = Dimension,
        Similarity = Endpoints.Parameters.Name<VectorSimilarity>("vectors.similarity", Similarity) ?? VectorSimilarity.Cosine,
        IsMultiVector = IsMultiVector,
        RowFormat = Endpoints.Parameters.Name<RowFormat>("vectors.rowFormat", RowFormat) ?? Numerics.Kernels.RowFormat.Float32,
    };
}
