using Microsoft.Extensions.VectorData;

namespace MultiVecRetrieval.VectorData;

/// <summary>Options of a <see cref="MultiVecCollection{TKey, TRecord}"/>: its definition, where attributes do not give it, and the
/// generator of embeddings.</summary>
public sealed class MultiVecCollectionOptions : VectorStoreCollectionOptions
{
}
