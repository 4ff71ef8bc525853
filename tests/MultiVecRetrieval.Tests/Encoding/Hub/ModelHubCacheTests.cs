using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Hub;

namespace MultiVecRetrieval.Tests.Encoding.Hub;

/// <summary>Models that a cache in the layout of the hub's own tools holds already.</summary>
public sealed class ModelHubCacheTests : HubTest
{
    [Fact]
    public async Task Pull_FilesInTheCache_AreCopiedAndChecked()
    {
        string cache = WriteCache(isDamaged: false);

        PulledModel pulled = await new ModelHub(Server.Options(cache: cache)).PullAsync(Request());

        Assert.NotNull(pulled.Contract);
        Assert.Empty(Server.StoreRequests);
        Assert.DoesNotContain(Server.HubRequests, request => request.Path.Contains("/resolve/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pull_DamagedCache_IsFetchedInstead()
    {
        string cache = WriteCache(isDamaged: true);

        PulledModel pulled = await new ModelHub(Server.Options(cache: cache)).PullAsync(Request());

        Assert.Equal(EncoderModel.Inspect(Original.Folder).SpaceId, pulled.Contract!.SpaceId);
        Assert.NotEmpty(Server.StoreRequests);
    }

    [Fact]
    public async Task Pull_Offline_TakesTheCacheWithoutAConnection()
    {
        string cache = WriteCache(isDamaged: false);
        ModelHub hub = new(new ModelHubOptions { Endpoint = Server.Address, CacheFolder = cache, IsOffline = true });

        PulledModel pulled = await hub.PullAsync(Request());

        Assert.Equal(EncoderModel.Inspect(Original.Folder).SpaceId, pulled.Contract!.SpaceId);
        Assert.Equal(HubServer.Commit, pulled.Commit);
        Assert.Empty(Server.HubRequests);
    }

    [Fact]
    public async Task Pull_OfflineFromADamagedCache_IsAnError()
    {
        ModelHub hub = new(new ModelHubOptions { CacheFolder = WriteCache(isDamaged: true), IsOffline = true });

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => hub.PullAsync(Request()));

        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_OfflineWhatTheCacheLacks_SaysWhereItLooked()
    {
        ModelHub hub = new(new ModelHubOptions { CacheFolder = Folder.PathOf("nowhere"), IsOffline = true });

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => hub.PullAsync(Request()));

        Assert.Contains("models--someone--planted", error.Message, StringComparison.Ordinal);
    }

    private string WriteCache(bool isDamaged)
    {
        string cache = Folder.PathOf("cache");
        string repository = Path.Combine(cache, "models--someone--planted");
        string snapshot = Path.Combine(repository, "snapshots", HubServer.Commit);
        Directory.CreateDirectory(Path.Combine(repository, "refs"));
        Directory.CreateDirectory(Path.Combine(repository, "blobs"));
        File.WriteAllText(Path.Combine(repository, "refs", "main"), HubServer.Commit);
        foreach ((string path, byte[] bytes) in Server.Files)
        {
            string name = HubServer.IsLarge(path) ? HubServer.Sha256(bytes) : HubServer.GitSha1(bytes);
            string blob = Path.Combine(repository, "blobs", name);
            byte[] stored = [.. bytes];
            stored[^1] ^= (byte)(isDamaged && HubServer.IsLarge(path) ? 1 : 0);
            File.WriteAllBytes(blob, stored);
            string link = Path.Combine(snapshot, path);
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
        }

        return cache;
    }
}
