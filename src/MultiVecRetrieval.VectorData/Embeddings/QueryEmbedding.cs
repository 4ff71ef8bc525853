using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData.ProviderServices;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.VectorData.Records;

namespace MultiVecRetrieval.VectorData;

/// <summary>Makes rows of what is asked with.</summary>
internal static class QueryEmbedding
{
    // The abstraction has one way to generate; a model that reads questions differently is asked to.
    public static async Task<MultiVector> GenerateAsync(VectorPropertyModel property, object value, CancellationToken cancellationToken)
    {
        if (property.EmbeddingGenerator?.GetService(typeof(IQueryEmbedder)) is IQueryEmbedder embedder && value is string or DataContent)
        {
            return await embedder.EmbedQueryAsync(value, cancellationToken).ConfigureAwait(false);
        }

        Embedding embedding = await property.GenerateEmbeddingAsync(value, cancellationToken).ConfigureAwait(false);
        return VectorValues.TryToRows(embedding)!;
    }
}
