using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace MultiVecRetrieval.VectorData;

/// <summary>The spaces of a collection for the vector properties of its records.</summary>
internal static class CollectionSpaces
{
    /// <summary>Makes the collection, or checks the one that is there.</summary>
    /// <exception cref="InvalidOperationException">A space differs from its property.</exception>
    public static void Ensure(Library library, string name, CollectionModel model)
    {
        VectorSpec[] wanted = [.. model.VectorProperties.Select(ToSpec)];
        if (!library.CollectionExists(name))
        {
            try
            {
                SetTiers(library.Records.Create(name, wanted), library.Records.ListVectors(name), model);
                return;
            }
            catch (CollectionExistsException)
            {
                // Somebody else made it meanwhile; it is checked as any other.
            }
        }

        IReadOnlyList<VectorSpec> there = library.Records.ListVectors(name);
        foreach (VectorSpec spec in wanted)
        {
            VectorSpec known = there.FirstOrDefault(known => known.Name == spec.Name) ?? throw new InvalidOperationException(
                $"Collection '{name}' has no vectors '{spec.Name}'; it has {string.Join(", ", there.Select(space => $"'{space.Name}'"))}.");
            if (known != spec with { RowFormat = known.RowFormat })
            {
                throw new InvalidOperationException(
                    $"Collection '{name}' has vectors '{spec.Name}' that are {Describe(known)}; the definition has {Describe(spec)}.");
            }
        }
    }

    private static VectorSpec ToSpec(VectorPropertyModel property) => new()
    {
        Name = property.StorageName,
        Dimension = property.Dimensions,
        Similarity = property.DistanceFunction == DistanceFunction.DotProductSimilarity ? VectorSimilarity.Dot : VectorSimilarity.Cosine,
        IsMultiVector = property.DistanceFunction == MultiVecDistance.MaxSim,
    };

    // An index that is named is there from the beginning; Dynamic and none leave it to the collection, Flat is read exactly.
    private static void SetTiers(Collection collection, IReadOnlyList<VectorSpec> specs, CollectionModel model)
    {
        foreach ((Space space, VectorSpec spec) in collection.Spaces.Zip(specs))
        {
            string? tier = model.VectorProperties.First(property => property.StorageName == spec.Name).IndexKind switch
            {
                IndexKind.Hnsw => "hnsw",
                IndexKind.IvfFlat => "ivf",
                IndexKind.QuantizedFlat => "bits:1",
                _ => null,
            };
            if (tier is not null)
            {
                collection.Tiers.Set(space.Name, [tier]);
            }
        }
    }

    private static string Describe(VectorSpec spec) =>
        $"{(spec.IsMultiVector ? "many" : "one")} of {spec.Dimension} values compared by {spec.Similarity.ToString().ToLowerInvariant()}";
}
