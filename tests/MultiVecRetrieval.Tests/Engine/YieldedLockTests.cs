using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Writers that give the lock back between changes: they take turns, and each goes on from what the other wrote.</summary>
public sealed class YieldedLockTests : IDisposable
{
    private static readonly CollectionOptions Yielding = new() { YieldsLock = true, MergeSegmentCount = 0, BuildTiersInBackground = false };

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Commit_TwoWritersInTurn_AddToEachOther()
    {
        using Collection first = Collection.Create(_folder, Yielding with { Spaces = [Samples.Space()] });
        using Collection second = Collection.Open(_folder, writable: true, Yielding);
        Collection[] writers = [first, second];
        MultiVector[] rows = [.. Enumerable.Range(0, 6).Select(_ => Samples.Rows(_random, 2, 8))];

        for (int i = 0; i < rows.Length; i++)
        {
            Samples.AddDocument(writers[i % 2], $"d{i}", Samples.Content($"d{i}", rows[i]));
        }

        foreach (Collection writer in writers)
        {
            Assert.Equal(rows.Length, writer.GetStatistics().DocumentCount);
            Assert.All(Enumerable.Range(0, rows.Length), i =>
                Assert.Equal($"d{i}", writer.Search(new SearchRequest { Vectors = [Samples.Query(rows[i])], Top = 1 }).Keys()[0]));
            Assert.Empty(writer.Upkeep.Verify(TestContext.Current.CancellationToken).Problems);
        }
    }

    [Fact]
    public void HoldLock_WhileHeld_KeepsOthersFromWritingAndSaysWho()
    {
        using Collection first = Collection.Create(_folder, Yielding with { Spaces = [Samples.Space()] });
        using Collection second = Collection.Open(_folder, writable: true, Yielding);
        DateTimeOffset before = DateTimeOffset.UtcNow.AddMinutes(-1);

        using (first.HoldLock())
        {
            CollectionLockedException locked = Assert.Throws<CollectionLockedException>(() => second.BeginWrite());
            Assert.Equal(Environment.ProcessId, locked.Owner!.ProcessId);
            Assert.InRange(locked.Owner.Since, before, DateTimeOffset.UtcNow);
            Assert.Contains($"process {Environment.ProcessId}", locked.Message, StringComparison.Ordinal);
            Assert.Throws<CollectionLockedException>(() => second.Sources.Save([]));
            Assert.Throws<CollectionLockedException>(() => second.Tiers.Set("words", []));
            Samples.AddDocument(first, "a", Samples.Content("a"));
            Assert.Throws<CollectionLockedException>(() => second.HoldLock());
        }

        Samples.AddDocument(second, "b", Samples.Content("b"));
        Assert.Equal(2, first.GetStatistics().DocumentCount);
    }

    [Fact]
    public void BeginWrite_BatchUnderWay_HoldsTheLockUntilItIsDisposed()
    {
        using Collection first = Collection.Create(_folder, Yielding with { Spaces = [Samples.Space()] });
        using Collection second = Collection.Open(_folder, writable: true, Yielding);

        using (CollectionWriter batch = first.BeginWrite(TestContext.Current.CancellationToken))
        {
            Assert.Throws<CollectionLockedException>(() => second.BeginWrite());
            batch.Commit();
            Assert.Throws<CollectionLockedException>(() => second.BeginWrite());
        }

        second.BeginWrite(TestContext.Current.CancellationToken).Dispose();
    }

    [Fact]
    public void Background_MergesOfTwoWriters_LoseNothing()
    {
        CollectionOptions merging = Yielding with { MergeSegmentCount = 2, BuildTiersInBackground = true };
        using Collection first = Collection.Create(_folder, merging with { Spaces = [Samples.Space()] });
        using Collection second = Collection.Open(_folder, writable: true, merging);
        MultiVector[] rows = [.. Enumerable.Range(0, 40).Select(_ => Samples.Rows(_random, 2, 8))];

        for (int i = 0; i < rows.Length; i++)
        {
            AddWhenFree(i % 2 == 0 ? first : second, $"d{i}", rows[i]);
        }

        using Collection reader = Collection.Open(_folder, writable: false);
        Assert.Equal(rows.Length, reader.GetStatistics().DocumentCount);
        Assert.All(Enumerable.Range(0, rows.Length), i =>
            Assert.Equal($"d{i}", second.Search(new SearchRequest { Vectors = [Samples.Query(rows[i])], Top = 1 }).Keys()[0]));
        Assert.Empty(first.Upkeep.Verify(TestContext.Current.CancellationToken).Problems);
        Assert.Null(first.GetStatistics().BackgroundProblem);
        Assert.Null(second.GetStatistics().BackgroundProblem);
    }

    [Fact]
    public async Task BeginWrite_LockThatIsHeldForAMoment_IsWaitedFor()
    {
        using Collection first = Collection.Create(_folder, Yielding with { Spaces = [Samples.Space()] });
        using Collection second = Collection.Open(_folder, writable: true, Yielding);
        IDisposable held = first.HoldLock();

        Task release = Task.Run(
            async () =>
            {
                await Task.Delay(100);
                held.Dispose();
            },
            TestContext.Current.CancellationToken);
        Samples.AddDocument(second, "a", Samples.Content("a"));
        await release;

        Assert.Equal(1, first.GetStatistics().DocumentCount);
    }

    [Fact]
    public void Open_WithoutYielding_HoldsTheLockForAsLongAsItIsOpen()
    {
        using (Collection.Create(_folder, new CollectionOptions()))
        {
            Assert.Throws<CollectionLockedException>(() => Collection.Open(_folder, writable: true, Yielding));
        }

        Collection.Open(_folder, writable: true, Yielding).Dispose();
        Assert.False(File.Exists(Path.Combine(_folder, "LOCK.owner")));
    }

    // The other's background work may be holding the lock.
    private static void AddWhenFree(Collection collection, string key, MultiVector rows)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                Samples.AddDocument(collection, key, Samples.Content(key, rows));
                return;
            }
            catch (CollectionLockedException) when (attempt < 500)
            {
                Thread.Sleep(10);
            }
        }
    }
}
