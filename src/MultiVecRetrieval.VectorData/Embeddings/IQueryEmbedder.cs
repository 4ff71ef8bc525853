using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.VectorData;

/// <summary>A generator of embeddings that reads questions in another way than what is stored.</summary>
internal interface IQueryEmbedder
{
    /// <summary>The rows of a question, a text or a picture.</summary>
    /// <exception cref="ArgumentException">The value is neither.</exception>
    Task<MultiVector> EmbedQueryAsync(object value, CancellationToken cancellationToken);
}
