using MultiVecRetrieval.Cluster;
using MultiVecRetrieval.Cluster.Copies;
using MultiVecRetrieval.Tests.Engine;

namespace MultiVecRetrieval.Tests.Cluster;

/// <summary>A copy is a generation as it was, whatever happened on the way; blocks that a copy needs are never removed.</summary>
public sealed class CopyStoreTests : IDisposable
{
    // Small, so that small collections have many.
    private const int BlockSize = 4096;

    private readonly TemporaryFolder _folder = new();
    private readonly SettableTime _time = new();
    private readonly MemoryObjectStore _objects;
    private readonly CopyStore _copies;
    private readonly Collection _collection;
    private readonly Random _random = new(11);

    public CopyStoreTests()
    {
        _objects = new MemoryObjectStore(_time);
        _copies = new CopyStore(_objects, _time, BlockSize);
        _collection = Collection.Create(
            _folder.PathOf("c"),
            new CollectionOptions { Spaces = [Samples.Space()], MergeSegmentCount = 0, BuildTiersInBackground = false });
        Add("d0", "d1", "d2", "d3");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pull_WhatWasPushed_AnswersAsTheCollectionDid()
    {
        string upload = _folder.Write("picture.png", [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i * i))]);
        SearchResult before = Search(_collection);
        PushReport pushed;
        using (CollectionFiles files = _collection.Upkeep.OpenFiles(new Dictionary<string, string> { ["picture.png"] = upload }))
        {
            pushed = await _copies.PushAsync("c", files, cancellationToken: Cancellation);
        }

        Add("later");
        PullReport pulled = await _copies.PullAsync("c", _folder.PathOf("pulled"), cancellationToken: Cancellation);

        using Collection restored = Collection.Open(_folder.PathOf("pulled"), writable: true);
        Assert.Equal(pushed.Copy.Id, pulled.Copy.Id);
        Assert.Equal((pushed.SizeInBytes, pushed.SizeInBytes), (pulled.SizeInBytes, pulled.FetchedBytes));
        Assert.Empty(restored.Upkeep.Verify(Cancellation).Problems);
        Assert.Equal(
            before.Hits.Select(hit => (hit.Entry.Key, hit.Score)), Search(restored).Hits.Select(hit => (hit.Entry.Key, hit.Score)));
        Assert.Equal(File.ReadAllBytes(upload), File.ReadAllBytes(Path.Combine(restored.Folder, "uploads", "picture.png")));
        Assert.Empty((await _copies.CheckAsync(readBlocks: true, cancellationToken: Cancellation)).Problems);
        Assert.DoesNotContain(_objects.Objects.Keys, key => key.StartsWith("marks/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Push_Again_SendsOnlyWhatNoCopyHas()
    {
        Add([.. Enumerable.Range(0, 40).Select(i => $"many{i}")]);
        PushReport first = await PushAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        PushReport same = await PushAsync();
        Add("one");
        PushReport more = await PushAsync();

        // Blocks of zeros are one block.
        Assert.InRange(first.SentBytes, first.SizeInBytes / 3, first.SizeInBytes);
        Assert.Equal(0, same.SentBytes);
        Assert.InRange(more.SentBytes, 1, first.SentBytes * 3 / 4);
        Assert.Equal(3, (await _copies.ListAsync("c", Cancellation)).Count);
        Assert.Empty((await _copies.CheckAsync(readBlocks: true, cancellationToken: Cancellation)).Problems);
    }

    [Fact]
    public async Task Push_StoreGoneFromAnyPutOn_LeavesNoCopyAndGoesOn()
    {
        int putCount = 0;
        _objects.Before = (kind, _) => putCount += kind == "put" ? 1 : 0;
        PushReport whole = await PushAsync();
        for (int failing = 1; failing <= putCount; failing++)
        {
            _objects.Objects.Clear();
            int count = 0;
            _objects.Before = (kind, _) =>
            {
                if (kind == "put" && ++count >= failing)
                {
                    throw new ObjectStoreException("The store is gone.");
                }
            };
            await Assert.ThrowsAsync<ObjectStoreException>(PushAsync);
            Assert.Empty(await _copies.ListAsync(null, Cancellation));
            _objects.Before = (_, _) => { };
            PushReport rest = await PushAsync();

            Assert.Equal(whole.SizeInBytes, rest.SizeInBytes);
            Assert.Empty((await _copies.CheckAsync(readBlocks: true, cancellationToken: Cancellation)).Problems);
            Assert.DoesNotContain(_objects.Objects.Keys, key => key.StartsWith("marks/", StringComparison.Ordinal));
        }

        await AssertPullsAsync((await _copies.ListAsync(null, Cancellation))[0].Id, "after");
    }

    [Fact]
    public async Task Push_CutAndRepeated_SendsTheRestOnly()
    {
        Add([.. Enumerable.Range(0, 40).Select(i => $"many{i}")]);
        int count = 0;
        _objects.Before = (kind, _) =>
        {
            if (kind == "put" && ++count > 6)
            {
                throw new ObjectStoreException("The store is gone.");
            }
        };
        await Assert.ThrowsAsync<ObjectStoreException>(PushAsync);
        long there = _objects.Objects.Where(item => item.Key.StartsWith("blocks/", StringComparison.Ordinal)).Sum(item => item.Value.Content.Length);
        _objects.Before = (_, _) => { };

        PushReport rest = await PushAsync();

        Assert.InRange(there, 1, rest.SizeInBytes - 1);
        Assert.InRange(rest.SentBytes, 1, rest.SizeInBytes - (there / 2));
        await AssertPullsAsync(rest.Copy.Id, "rest");
    }

    [Fact]
    public async Task Pull_CutAndRepeated_FetchesTheRestOnly()
    {
        Add([.. Enumerable.Range(0, 40).Select(i => $"many{i}")]);
        PushReport pushed = await PushAsync();
        int count = 0;
        _objects.Before = (kind, key) =>
        {
            if (kind == "get" && key.StartsWith("blocks/", StringComparison.Ordinal) && ++count > 8)
            {
                throw new ObjectStoreException("The store is gone.");
            }
        };
        string folder = _folder.PathOf("cut");
        await Assert.ThrowsAsync<ObjectStoreException>(() => _copies.PullAsync("c", folder, cancellationToken: Cancellation));
        Assert.False(Path.Exists(folder));
        _objects.Before = (_, _) => { };

        PullReport pulled = await _copies.PullAsync("c", folder, cancellationToken: Cancellation);

        Assert.InRange(pulled.FetchedBytes, 1, pushed.SizeInBytes - BlockSize);
        using Collection restored = Collection.Open(folder, writable: false);
        Assert.Empty(restored.Upkeep.Verify(Cancellation).Problems);
        Assert.Equal(Search(_collection).Keys(), Search(restored).Keys());
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder), path => path.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pull_BlockChangedOnItsWay_FetchesItAgain()
    {
        PushReport pushed = await PushAsync();
        HashSet<string> changed = [];
        _objects.OnGet = (key, content) => key.StartsWith("blocks/", StringComparison.Ordinal) && changed.Add(key)
            ? [.. content[..^1], (byte)~content[^1]]
            : content;

        await AssertPullsAsync(pushed.Copy.Id, "changed");

        Assert.NotEmpty(changed);
    }

    [Fact]
    public async Task PullAndCheck_DamagedStore_SayWhatIsWrong()
    {
        await PushAsync();
        string[] blocks = [.. _objects.Objects.Keys.Where(key => key.StartsWith("blocks/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        byte[] content = _objects.Objects[blocks[0]].Content;
        foreach (Action damage in new Action[]
        {
            () => _objects.Objects.TryRemove(blocks[0], out _),
            () => _objects.Objects[blocks[0]] = ([.. content[..^1]], default),
            () => _objects.Objects[blocks[0]] = ([.. content[..^1], (byte)~content[^1]], default),
        })
        {
            damage();
            string problem = Assert.Single((await _copies.CheckAsync(readBlocks: true, cancellationToken: Cancellation)).Problems);
            Assert.Contains(blocks[0], problem, StringComparison.Ordinal);
            InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(
                () => _copies.PullAsync("c", _folder.PathOf("damaged"), cancellationToken: Cancellation));
            Assert.Contains(blocks[0], refused.Message, StringComparison.Ordinal);
            Assert.False(Path.Exists(_folder.PathOf("damaged")));
        }
    }

    [Fact]
    public async Task Read_DamagedList_IsRefusedAndStopsCollecting()
    {
        PushReport old = await PushAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        Add("one");
        await PushAsync();
        _time.Advance(TimeSpan.FromDays(3));
        string key = CopyKeys.OfCopy("c", (await _copies.ListAsync("c", Cancellation))[^1].Id);
        byte[] list = _objects.Objects[key].Content;
        int before = _objects.Objects.Count;
        for (int i = 0; i < list.Length; i += 101)
        {
            byte[] changed = [.. list];
            changed[i] ^= 4;
            _objects.Objects[key] = (changed, default);

            await Assert.ThrowsAsync<InvalidDataException>(() => _copies.PullAsync("c", _folder.PathOf("x"), cancellationToken: Cancellation));
            await Assert.ThrowsAsync<InvalidDataException>(() => _copies.CollectAsync("c", keep: 1, Cancellation));
            Assert.Single((await _copies.CheckAsync(readBlocks: false, cancellationToken: Cancellation)).Problems);
        }

        Assert.Equal(before, _objects.Objects.Count);
        await AssertPullsAsync(old.Copy.Id, "old", expectKeys: 4);
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("segments/../../escape")]
    [InlineData("other.txt")]
    public async Task Pull_ListWithAForeignName_IsRefused(string name)
    {
        byte[] list = new CopyManifest(1, 1, "/", default, BlockSize, [new CopyManifest.File(name, 0, [])]).ToBytes();
        string id = CopyKeys.GetId(default, CopyManifest.GetHash(list));
        await _objects.PutAsync(CopyKeys.OfCopy("c", id), list, Cancellation);

        await Assert.ThrowsAsync<InvalidDataException>(
            () => _copies.PullAsync("c", _folder.PathOf("deep/inside/c"), cancellationToken: Cancellation));

        Assert.DoesNotContain(
            Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories), path => path.Contains("escape", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pull_LaterFormat_IsRefusedByName()
    {
        byte[] list = new CopyManifest(CopyManifest.NewestFormat + 1, 1, "/", default, BlockSize, []).ToBytes();
        string id = CopyKeys.GetId(default, CopyManifest.GetHash(list));
        await _objects.PutAsync(CopyKeys.OfCopy("c", id), list, Cancellation);

        await Assert.ThrowsAsync<UnsupportedFormatException>(
            () => _copies.PullAsync("c", _folder.PathOf("x"), cancellationToken: Cancellation));
        await Assert.ThrowsAsync<UnsupportedFormatException>(() => _copies.CollectAsync("c", keep: 1, Cancellation));
    }

    [Fact]
    public async Task Pull_UnknownCopy_SaysWhichThereAre()
    {
        PushReport pushed = await PushAsync();

        CopyNotFoundException unknown = await Assert.ThrowsAsync<CopyNotFoundException>(
            () => _copies.PullAsync("c", _folder.PathOf("x"), "other", cancellationToken: Cancellation));
        Assert.Contains(pushed.Copy.Id, unknown.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CopyNotFoundException>(
            () => _copies.PullAsync("elsewhere", _folder.PathOf("x"), cancellationToken: Cancellation));
        await Assert.ThrowsAsync<CollectionExistsException>(
            () => _copies.PullAsync("c", _collection.Folder, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task PushAndCollect_AtOnce_OneOfThemRefuses()
    {
        await PushAsync();
        _time.Advance(TimeSpan.FromDays(3));

        // At every call of the one, the other begins.
        await InterleaveAsync(PushAsync, () => _copies.CollectAsync("c", keep: 1, Cancellation));
        await InterleaveAsync(() => _copies.CollectAsync("c", keep: 1, Cancellation), PushAsync);

        Assert.Empty((await _copies.CheckAsync(readBlocks: true, cancellationToken: Cancellation)).Problems);
        Assert.DoesNotContain(_objects.Objects.Keys, key => key.StartsWith("marks/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Collect_MarkOfADeadPush_IsWaitedOutForADay()
    {
        await _objects.PutAsync("marks/push-dead", "{}"u8.ToArray(), Cancellation);
        await Assert.ThrowsAsync<CopiesBusyException>(() => _copies.CollectAsync("c", keep: 1, Cancellation));
        _time.Advance(TimeSpan.FromHours(25));

        await _copies.CollectAsync("c", keep: 1, Cancellation);

        Assert.DoesNotContain(_objects.Objects.Keys, key => key.StartsWith("marks/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Push_AfterItsMarkWasTakenForDead_IsNoCopy()
    {
        _objects.Before = (kind, key) =>
        {
            if (kind == "put" && key.StartsWith("blocks/", StringComparison.Ordinal))
            {
                foreach (string mark in _objects.Objects.Keys.Where(key => key.StartsWith("marks/", StringComparison.Ordinal)))
                {
                    _objects.Objects.TryRemove(mark, out _);
                }
            }
        };

        await Assert.ThrowsAsync<CopiesBusyException>(PushAsync);
        Assert.Empty(await _copies.ListAsync(null, Cancellation));
    }

    [Fact]
    public async Task Collect_KeepsBlocksOfRecentPushesThatWereCut()
    {
        int count = 0;
        _objects.Before = (kind, _) =>
        {
            if (kind == "put" && ++count > 4)
            {
                throw new ObjectStoreException("The store is gone.");
            }
        };
        await Assert.ThrowsAsync<ObjectStoreException>(PushAsync);
        _objects.Before = (_, _) => { };
        int blocks = _objects.Objects.Count;
        Assert.Equal(0, (await _copies.CollectAsync("c", keep: 1, Cancellation)).BlockCount);
        _time.Advance(TimeSpan.FromDays(3));

        Assert.Equal(blocks, (await _copies.CollectAsync("c", keep: 1, Cancellation)).BlockCount);
    }

    [Fact]
    public async Task Histories_OfPushesAndCollections_KeepEveryCopyThatIsListed()
    {
        Dictionary<string, string[]> states = [];
        using Collection other = Collection.Create(_folder.PathOf("other"), new CollectionOptions { Spaces = [Samples.Space()] });
        for (int step = 0; step < 40; step++)
        {
            _time.Advance(TimeSpan.FromHours(_random.Next(1, 80)));
            bool isOther = _random.Next(2) == 0;
            Collection collection = isOther ? other : _collection;
            string name = isOther ? "other" : "c";
            switch (_random.Next(4))
            {
                case 0:
                    Samples.AddDocument(collection, $"s{step}", Samples.Content($"s{step}", Samples.Rows(_random, 3, 8), text: $"step {step}"));
                    break;
                case 1 when collection.Documents.List(limit: 100) is [{ Key: var key }, ..]:
                    using (CollectionWriter writer = collection.BeginWrite(Cancellation))
                    {
                        writer.Delete(key);
                        writer.Commit();
                    }

                    break;
                case 2:
                    await _copies.CollectAsync(name, _random.Next(1, 4), Cancellation);
                    break;
                default:
                    using (CollectionFiles files = collection.Upkeep.OpenFiles())
                    {
                        states[(await _copies.PushAsync(name, files, cancellationToken: Cancellation)).Copy.Id] = KeysOf(collection);
                    }

                    break;
            }
        }

        IReadOnlyList<CopyInfo> listed = await _copies.ListAsync(null, Cancellation);
        Assert.NotEmpty(listed);
        Assert.Empty((await _copies.CheckAsync(readBlocks: true, cancellationToken: Cancellation)).Problems);
        foreach (CopyInfo copy in listed)
        {
            string folder = _folder.PathOf($"h-{copy.Id}");
            await _copies.PullAsync(copy.Collection, folder, copy.Id, cancellationToken: Cancellation);
            using Collection restored = Collection.Open(folder, writable: false);
            Assert.Equal(states[copy.Id], KeysOf(restored));
        }
    }

    private static string[] KeysOf(Collection collection) => [.. collection.Documents.List(limit: 1000).Select(document => document.Key)];

    private static SearchResult Search(Collection collection) => collection.Search(new SearchRequest
    {
        Vectors = [Samples.Query(Samples.Rows(new Random(9), 2, 8))],
        Text = "number",
    });

    // Runs one over and over, each time beginning the other at the next call that it makes to the store.
    private async Task InterleaveAsync(Func<Task> first, Func<Task> second)
    {
        for (int at = 1; ; at++)
        {
            int call = 0;
            bool began = false;
            Exception? refused = null;
            _objects.Before = (_, _) =>
            {
                if (++call == at)
                {
                    began = true;
                    Action<string, string> before = _objects.Before;
                    _objects.Before = (_, _) => { };
                    refused = Task.Run(async () => await Record.ExceptionAsync(second)).GetAwaiter().GetResult();
                    _objects.Before = before;
                }
            };
            Exception? own = await Record.ExceptionAsync(first);
            _objects.Before = (_, _) => { };
            if (!began)
            {
                return;
            }

            Assert.All(new[] { own, refused }, error => Assert.True(error is null or CopiesBusyException, $"{error}"));
            Assert.Empty((await _copies.CheckAsync(readBlocks: true, cancellationToken: Cancellation)).Problems);
        }
    }

    private async Task<PushReport> PushAsync()
    {
        using CollectionFiles files = _collection.Upkeep.OpenFiles();
        return await _copies.PushAsync("c", files, cancellationToken: Cancellation);
    }

    private async Task AssertPullsAsync(string id, string name, int? expectKeys = null)
    {
        await _copies.PullAsync("c", _folder.PathOf(name), id, cancellationToken: Cancellation);
        using Collection restored = Collection.Open(_folder.PathOf(name), writable: false);
        Assert.Empty(restored.Upkeep.Verify(Cancellation).Problems);
        Assert.Equal(expectKeys ?? KeysOf(_collection).Length, KeysOf(restored).Length);
    }

    private void Add(params string[] keys)
    {
        foreach (string key in keys)
        {
            Samples.AddDocument(_collection, key, Samples.Content(key, Samples.Rows(_random, 3, 8), text: $"number {key}"));
        }
    }
}
