using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using MultiVecRetrieval.VectorData.Records;

namespace MultiVecRetrieval.VectorData;

/// <summary>Makes the model of a collection of its record type and definition, and says what cannot be stored.</summary>
internal sealed class RecordModelBuilder() : CollectionModelBuilder(new CollectionModelBuildingOptions
{
    RequiresAtLeastOneVector = false,
    SupportsMultipleVectors = true,
})
{
    private static readonly string[] IndexKinds =
    [
        IndexKind.Dynamic, IndexKind.Flat, IndexKind.Hnsw, IndexKind.IvfFlat, IndexKind.QuantizedFlat,
    ];

    protected override IReadOnlyList<EmbeddingGenerationDispatcher> EmbeddingGenerationDispatchers { get; } =
    [
        EmbeddingGenerationDispatcher.Create<Embedding<float>>(), EmbeddingGenerationDispatcher.Create<MultiVectorEmbedding>(),
    ];

    protected override bool SupportsKeyAutoGeneration(Type keyPropertyType) => keyPropertyType == typeof(Guid);

    protected override void ValidateKeyProperty(KeyPropertyModel keyProperty)
    {
        base.ValidateKeyProperty(keyProperty);
        if (!RecordKeys.IsValid(keyProperty.Type))
        {
            throw new NotSupportedException(
                $"Key '{keyProperty.ModelName}' is a {keyProperty.Type.Name}; a key is one of {RecordKeys.Supported}.");
        }
    }

    protected override bool IsDataPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = DataValues.Supported;
        return DataValues.IsValid(type);
    }

    protected override bool IsVectorPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = VectorValues.Supported;
        return VectorValues.IsValid(type);
    }

    // Before the general checks, which would name other problems of the same property.
    protected override void Customize()
    {
        foreach (VectorPropertyModel property in VectorProperties)
        {
            Type? type = property.EmbeddingType;
            bool isMany = type is not null && VectorValues.IsMany(type);
            property.DistanceFunction ??= isMany ? MultiVecDistance.MaxSim : DistanceFunction.CosineSimilarity;
            string function = property.DistanceFunction;
            if (!VectorValues.IsKnown(function))
            {
                throw new NotSupportedException(
                    $"Property '{property.ModelName}' has the distance function '{function}'; there are {VectorValues.SupportedFunctions}.");
            }

            if (isMany && function != MultiVecDistance.MaxSim)
            {
                throw new NotSupportedException(
                    $"Property '{property.ModelName}' holds many vectors, which are compared by '{MultiVecDistance.MaxSim}', not by '{function}'.");
            }

            if (property.IndexKind is { } kind && !IndexKinds.Contains(kind, StringComparer.Ordinal))
            {
                throw new NotSupportedException(
                    $"Property '{property.ModelName}' has the index kind '{kind}'; there are {string.Join(", ", IndexKinds)}.");
            }
        }

        if (Properties.FirstOrDefault(property => property.StorageName.StartsWith('$')) is { } reserved)
        {
            throw new NotSupportedException(
                $"Property '{reserved.ModelName}' is stored as '{reserved.StorageName}'; names that begin with $ are the store's own.");
        }
    }
}
