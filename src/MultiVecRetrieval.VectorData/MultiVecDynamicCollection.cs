namespace MultiVecRetrieval.VectorData;

/// <summary>A collection whose records are dictionaries, by a definition alone. Thread-safe.</summary>
#pragma warning disable CA1711 // The abstraction calls its own type so.
public sealed class MultiVecDynamicCollection : MultiVecCollection<object, Dictionary<string, object?>>
#pragma warning restore CA1711
{
    /// <summary>A collection of a library; nothing is made until it is asked for.</summary>
    /// <param name="library">The library; it must outlive the collection.</param>
    /// <param name="name">Name of the collection.</param>
    /// <param name="options">Its definition, which it needs, and its generator.</param>
    /// <exception cref="ArgumentException">There is no definition.</exception>
    public MultiVecDynamicCollection(Library library, string name, MultiVecCollectionOptions options)
        : base(
            library, name,
            static options => new RecordModelBuilder().BuildDynamic(
                options.Definition ?? throw new ArgumentException("A collection of dictionaries needs a definition.", nameof(options)),
                options.Definition.EmbeddingGenerator ?? options.EmbeddingGenerator),
            options)
    {
    }
}
