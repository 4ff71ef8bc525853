using Microsoft.Extensions.AI;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.VectorData;

/// <summary>An embedding of many vectors: of the words of a text, the places of a picture.</summary>
/// <param name="rows">Its rows.</param>
public sealed class MultiVectorEmbedding(MultiVector rows) : Embedding
{
    /// <summary>The vectors, [rows × d].</summary>
    public MultiVector Rows { get; } = rows ?? throw new ArgumentNullException(nameof(rows));

    /// <summary>d, the length of each vector.</summary>
    public override int Dimensions => Rows.Dimension;
}
