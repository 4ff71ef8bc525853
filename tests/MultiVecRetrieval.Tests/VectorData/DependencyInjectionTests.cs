using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Stores and collections of a container, with and without keys.</summary>
public sealed class DependencyInjectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceCollection _services = new();

    public DependencyInjectionTests() => _services.AddMultiVecRetrieval(options => options with { DataFolder = _folder.PathOf("data") });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void VectorStore_OfTheContainer_IsOneOverItsLibraryAndGenerator()
    {
        _services.AddSingleton<IEmbeddingGenerator>(new LettersGenerator());
        _services.AddMultiVecVectorStore();
        using ServiceProvider provider = _services.BuildServiceProvider();

        VectorStore store = provider.GetRequiredService<VectorStore>();

        Assert.Same(provider.GetRequiredService<MultiVecVectorStore>(), store);
        Assert.Same(provider.GetRequiredService<Library>(), store.GetService(typeof(Library)));
        Assert.NotNull(store.GetDynamicCollection("c", new VectorStoreCollectionDefinition
        {
            Properties = [new VectorStoreKeyProperty("Id", typeof(int)), new VectorStoreVectorProperty("Text", typeof(string), 5)],
        }));
    }

    [Fact]
    public async Task VectorStore_UnderAKey_IsOverTheLibraryOfThatKey()
    {
        _services.AddKeyedSingleton("other", (_, _) => new Library(new LibraryOptions { DataFolder = _folder.PathOf("other") }));
        _services.AddMultiVecVectorStore().AddKeyedMultiVecVectorStore("other").AddKeyedMultiVecVectorStore("same");
        using ServiceProvider provider = _services.BuildServiceProvider();

        VectorStore other = provider.GetRequiredKeyedService<VectorStore>("other");
        await other.GetCollection<string, Hotel>("hotels").EnsureCollectionExistsAsync(TestContext.Current.CancellationToken);

        Assert.Same(provider.GetRequiredKeyedService<Library>("other"), other.GetService(typeof(Library)));
        Assert.Same(
            provider.GetRequiredService<Library>(), provider.GetRequiredKeyedService<VectorStore>("same").GetService(typeof(Library)));
        Assert.False(await provider.GetRequiredService<VectorStore>().CollectionExistsAsync("hotels", TestContext.Current.CancellationToken));
        Assert.True(Directory.Exists(_folder.PathOf("other/hotels")));
    }

    [Fact]
    public void Collection_OfTheContainer_IsWhatTheAbstractionSearchesBy()
    {
        _services.AddMultiVecCollection<string, Hotel>("hotels").AddKeyedMultiVecCollection<string, Hotel>("second", "others");
        using ServiceProvider provider = _services.BuildServiceProvider();

        VectorStoreCollection<string, Hotel> collection = provider.GetRequiredService<VectorStoreCollection<string, Hotel>>();

        Assert.Equal("hotels", collection.Name);
        Assert.Same(collection, provider.GetRequiredService<IVectorSearchable<Hotel>>());
        Assert.Same(collection, provider.GetRequiredService<IKeywordHybridSearchable<Hotel>>());
        Assert.Equal("others", provider.GetRequiredKeyedService<VectorStoreCollection<string, Hotel>>("second").Name);
    }

    [Fact]
    public async Task HealthCheck_DamagedCollection_IsNamed()
    {
        using ServiceProvider provider = _services.BuildServiceProvider();
        Library library = provider.GetRequiredService<Library>();
        LibraryHealthCheck check = new(library);
        library.Records.Create("good", []);
        HealthCheckResult healthy = await check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        Directory.CreateDirectory(_folder.PathOf("data/bad"));
        File.WriteAllText(_folder.PathOf("data/bad/catalog.db"), "no catalog");

        HealthCheckResult damaged = await check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Healthy, healthy.Status);
        Assert.Equal(HealthStatus.Unhealthy, damaged.Status);
        Assert.Contains("bad", damaged.Description, StringComparison.Ordinal);
        Assert.Equal(["bad"], damaged.Data.Keys);
    }
}
