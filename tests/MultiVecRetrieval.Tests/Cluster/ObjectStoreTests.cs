using MultiVecRetrieval.Cluster;

namespace MultiVecRetrieval.Tests.Cluster;

/// <summary>What every store of objects promises: a folder, and a bucket of a server that speaks S3.</summary>
public sealed class ObjectStoreTests(S3Server server) : IClassFixture<S3Server>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public enum Kind
    {
        Folder,
        S3,
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Kind.Folder)]
    [InlineData(Kind.S3)]
    public async Task PutGetDelete_KeepBytes(Kind kind)
    {
        using IObjectStore store = await OpenAsync(kind, "keep");
        byte[] large = new byte[3_000_000];
        new Random(1).NextBytes(large);
        foreach (byte[] content in new[] { [], [7], large })
        {
            await store.PutAsync("a/b", content, Cancellation);
            Assert.Equal(content, await store.GetAsync("a/b", Cancellation));
        }

        await store.DeleteAsync("a/b", Cancellation);
        await store.DeleteAsync("a/b", Cancellation);
        ObjectNotFoundException missing = await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.GetAsync("a/b", Cancellation));
        Assert.Equal("a/b", missing.Key);
    }

    [Theory]
    [InlineData(Kind.Folder)]
    [InlineData(Kind.S3)]
    public async Task List_GivesWhatBeginsWithThePrefix(Kind kind)
    {
        using IObjectStore store = await OpenAsync(kind, "list");
        using IObjectStore beside = await OpenAsync(kind, "list-beside");
        await beside.PutAsync("blocks/x", new byte[1], Cancellation);

        // More than a page of S3.
        string[] keys = [.. Enumerable.Range(0, 1_010).Select(i => $"blocks/{i % 7}/{i:0000}")];
        await Parallel.ForEachAsync(keys, Cancellation, async (key, cancellation) =>
            await store.PutAsync(key, new byte[key.Length % 5], cancellation));
        await store.PutAsync("marks/push-1", new byte[2], Cancellation);
        await store.PutAsync("marks/collect-1", new byte[3], Cancellation);

        Assert.Equal(keys.Order(StringComparer.Ordinal), (await ListAsync(store, "blocks/")).Select(found => found.Key));
        StoredObject mark = Assert.Single(await ListAsync(store, "marks/push-"));
        Assert.Equal(("marks/push-1", 2), (mark.Key, mark.SizeInBytes));
        Assert.InRange(mark.ModifiedAt, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Empty(await ListAsync(store, "nothing/"));
    }

    [Fact]
    public async Task Copies_InABucketThatFails_ArePushedAndPulledWhole()
    {
        await server.SkipIfMissingAsync();
        FaultyHandler faults = new(seed: 5);
        using IObjectStore store = await server.OpenAsync("faults", faults);
        CopyStore copies = new(store, TimeProvider.System, blockSize: 8192);
        using Collection collection = Collection.Create(
            _folder.PathOf("c"), new CollectionOptions { Spaces = [Engine.Samples.Space()] });
        for (int i = 0; i < 20; i++)
        {
            Engine.Samples.AddDocument(
                collection, $"d{i}", Engine.Samples.Content($"d{i}", Engine.Samples.Rows(new Random(i), 3, 8), text: $"number {i}"));
        }

        faults.Share = 0.3;
        using (CollectionFiles files = collection.Upkeep.OpenFiles())
        {
            await RepeatAsync(() => copies.PushAsync("c", files, cancellationToken: Cancellation));
        }

        string folder = _folder.PathOf("pulled");
        await RepeatAsync(() => copies.PullAsync("c", folder, cancellationToken: Cancellation));
        faults.Share = 0;

        Assert.True(faults.Count > 5, $"{faults.Count} faults");
        using Collection restored = Collection.Open(folder, writable: false);
        Assert.Empty(restored.Upkeep.Verify(Cancellation).Problems);
        Assert.Equal(20, restored.GetStatistics().DocumentCount);
        Assert.Empty((await copies.CheckAsync(readBlocks: true, cancellationToken: Cancellation)).Problems);
    }

    [Fact]
    public async Task Open_BucketThatIsNotThere_SaysSo()
    {
        await server.SkipIfMissingAsync();
        using IObjectStore store = server.Open("no-such-bucket", "", new FaultyHandler(seed: 1));

        ObjectStoreException error = await Assert.ThrowsAsync<ObjectStoreException>(() => store.PutAsync("a", new byte[1], Cancellation));

        Assert.Contains("There is no bucket 'no-such-bucket'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3:///prefix")]
    [InlineData("gs://bucket")]
    public void Open_AddressOfNoStore_IsRefused(string address) =>
        Assert.Throws<ObjectStoreException>(() => ObjectStores.Open(address));

    [Theory]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData(".hidden")]
    public async Task Put_KeyThatLeavesTheFolder_IsRefused(string key)
    {
        using IObjectStore store = ObjectStores.Open(_folder.PathOf("store"));

        await Assert.ThrowsAsync<ArgumentException>(() => store.PutAsync(key, new byte[1], Cancellation));
    }

    // What was sent or came stays, so that each try gets further.
    private static async Task RepeatAsync(Func<Task> work)
    {
        for (int attempt = 0; attempt < 50; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception fault) when (fault is ObjectStoreException or InvalidDataException)
            {
            }
        }

        Assert.Fail("Fifty tries were not enough.");
    }

    private static async Task<List<StoredObject>> ListAsync(IObjectStore store, string prefix)
    {
        List<StoredObject> found = [];
        await foreach (StoredObject item in store.ListAsync(prefix, Cancellation))
        {
            found.Add(item);
        }

        return [.. found.OrderBy(item => item.Key, StringComparer.Ordinal)];
    }

    private async Task<IObjectStore> OpenAsync(Kind kind, string name)
    {
        if (kind == Kind.Folder)
        {
            return ObjectStores.Open(_folder.PathOf(name));
        }

        await server.SkipIfMissingAsync();
        return await server.OpenAsync(name, new FaultyHandler(seed: 1));
    }
}
