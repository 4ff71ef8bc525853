using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.VectorData;

namespace MultiVecRetrieval.VectorData;

/// <summary>Registers vector stores with a container of services.</summary>
public static class MultiVecServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="MultiVecVectorStore"/>, as <see cref="VectorStore"/> too, over the <see cref="Library"/> of the
    /// container (<see cref="MultiVecRetrievalServiceCollectionExtensions"/>), which is added where there is none.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">Options; null: with the generator of embeddings of the container, when it has one.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMultiVecVectorStore(this IServiceCollection services, MultiVecVectorStoreOptions? options = null) =>
        AddStore(services, key: null, options);

    /// <summary>The same under a key: over the library of that key, else over the one without.</summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key.</param>
    /// <param name="options">Options; null: with the generator of that key, else the one without, when the container has one.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddKeyedMultiVecVectorStore(
        this IServiceCollection services, object serviceKey, MultiVecVectorStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        return AddStore(services, serviceKey, options);
    }

    /// <summary>Adds a <see cref="MultiVecCollection{TKey, TRecord}"/> of the library of the container, also as what the abstraction
    /// searches by.</summary>
    /// <typeparam name="TKey">Type of the keys.</typeparam>
    /// <typeparam name="TRecord">Type of the records.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the collection.</param>
    /// <param name="options">Options; null: with the generator of embeddings of the container, when it has one.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMultiVecCollection<TKey, TRecord>(
        this IServiceCollection services, string name, MultiVecCollectionOptions? options = null)
        where TKey : notnull
        where TRecord : class => AddCollection<TKey, TRecord>(services, key: null, name, options);

    /// <summary>The same under a key: over the library of that key, else over the one without.</summary>
    /// <typeparam name="TKey">Type of the keys.</typeparam>
    /// <typeparam name="TRecord">Type of the records.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key.</param>
    /// <param name="name">Name of the collection.</param>
    /// <param name="options">Options; null: with the generator of that key, else the one without, when the container has one.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddKeyedMultiVecCollection<TKey, TRecord>(
        this IServiceCollection services, object serviceKey, string name, MultiVecCollectionOptions? options = null)
        where TKey : notnull
        where TRecord : class
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        return AddCollection<TKey, TRecord>(services, serviceKey, name, options);
    }

    private static IServiceCollection AddStore(IServiceCollection services, object? key, MultiVecVectorStoreOptions? options)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMultiVecRetrieval();
        services.TryAddKeyedSingleton(key, (provider, _) => new MultiVecVectorStore(
            Find<Library>(provider, key)!,
            options ?? new MultiVecVectorStoreOptions { EmbeddingGenerator = Find<IEmbeddingGenerator>(provider, key) }));
        services.TryAddKeyedSingleton<VectorStore>(key, (provider, _) => provider.GetRequiredKeyedService<MultiVecVectorStore>(key));
        return services;
    }

    private static IServiceCollection AddCollection<TKey, TRecord>(
        IServiceCollection services, object? key, string name, MultiVecCollectionOptions? options)
        where TKey : notnull
        where TRecord : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        services.AddMultiVecRetrieval();
        services.TryAddKeyedSingleton(key, (provider, _) => new MultiVecCollection<TKey, TRecord>(
            Find<Library>(provider, key)!, name,
            options ?? new MultiVecCollectionOptions { EmbeddingGenerator = Find<IEmbeddingGenerator>(provider, key) }));
        services.TryAddKeyedSingleton<VectorStoreCollection<TKey, TRecord>>(key, Get);
        services.TryAddKeyedSingleton<IVectorSearchable<TRecord>>(key, Get);
        services.TryAddKeyedSingleton<IKeywordHybridSearchable<TRecord>>(key, Get);
        return services;

        MultiVecCollection<TKey, TRecord> Get(IServiceProvider provider, object? _) =>
            provider.GetRequiredKeyedService<MultiVecCollection<TKey, TRecord>>(key);
    }

    private static T? Find<T>(IServiceProvider provider, object? key)
        where T : class => (key is null ? null : provider.GetKeyedService<T>(key)) ?? provider.GetService<T>();
}
