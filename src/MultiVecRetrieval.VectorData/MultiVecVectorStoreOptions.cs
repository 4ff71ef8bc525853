using Microsoft.Extensions.AI;

namespace MultiVecRetrieval.VectorData;

/// <summary>Options of a <see cref="MultiVecVectorStore"/>.</summary>
public sealed record MultiVecVectorStoreOptions
{
    /// <summary>Makes vectors of texts and pictures where neither a property nor a definition names a generator. Null, the default:
    /// vectors are brought.</summary>
    public IEmbeddingGenerator? EmbeddingGenerator { get; init; }
}
