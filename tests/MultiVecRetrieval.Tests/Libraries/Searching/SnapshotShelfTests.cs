using MultiVecRetrieval.Libraries.Searching;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>Pages of one answer are of one state of the collection.</summary>
public sealed class SnapshotShelfTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Library _library;

    public SnapshotShelfTests()
    {
        _library = new Library(new LibraryOptions { DataFolder = _folder });
        _library.Records.Create("c", [new VectorSpec { Name = "dense", Dimension = 2 }]);
        Store(Enumerable.Range(0, 40).Select(i => $"{i:00}"));
    }

    public void Dispose()
    {
        _library.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Search_PagesOfASnapshot_AreOfOneStateWhileRecordsComeAndGo()
    {
        SearchResult first = await _library.SearchAsync(Query(0) with { KeepsSnapshot = true });
        List<string> keys = [.. first.Hits.Select(hit => hit.Entry.Key)];
        for (int page = 1; page < 4; page++)
        {
            Store([$"new{page}"]);
            await _library.Records.DeleteAsync("c", [$"{page:00}"], TestContext.Current.CancellationToken);
            SearchResult next = await _library.SearchAsync(Query(page * 10) with { Snapshot = first.Snapshot });
            keys.AddRange(next.Hits.Select(hit => hit.Entry.Key));
            Assert.Equal(first.Snapshot, next.Snapshot);
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i:00}"), keys.Order(StringComparer.Ordinal));
        Assert.Null((await _library.SearchAsync(Query(0))).Snapshot);
    }

    [Fact]
    public async Task Search_SnapshotThatIsNotKept_SaysSo()
    {
        SearchResult first = await _library.SearchAsync(Query(0) with { KeepsSnapshot = true });
        for (int i = 0; i < 16; i++)
        {
            await _library.SearchAsync(Query(0) with { KeepsSnapshot = true });
        }

        // The seventeenth took the place of the first.
        SnapshotGoneException gone = await Assert.ThrowsAsync<SnapshotGoneException>(
            () => _library.SearchAsync(Query(10) with { Snapshot = first.Snapshot }));
        Assert.Equal(first.Snapshot, gone.Id);
        await _library.DeleteCollectionAsync("c", TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Drop_WhileASnapshotIsRead_LetsTheReadEndAndClosesThen()
    {
        using SnapshotShelf shelf = new();
        string id = shelf.Keep("c", _library.GetCollection("c").OpenSnapshot());
        Snapshot? read = null;

        long count = shelf.Read("c", id, snapshot =>
        {
            read = snapshot;
            shelf.Drop("c");
            Assert.Throws<SnapshotGoneException>(() => shelf.Read("c", id, _ => 0));
            return snapshot.Entries.Count();
        });

        Assert.Equal(40, count);
        Assert.Throws<ObjectDisposedException>(() => read!.Entries.Count());
    }

    [Fact]
    public void Read_AfterItsLife_IsRefusedAndWhileItIsReadItStays()
    {
        ManualTime time = new();
        using SnapshotShelf shelf = new(time);
        Collection collection = _library.GetCollection("c");
        string id = shelf.Keep("c", collection.OpenSnapshot());

        time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(40, shelf.Read("c", id, snapshot => snapshot.Entries.Count()));
        time.Advance(TimeSpan.FromMinutes(4));
        shelf.Read("c", id, snapshot =>
        {
            time.Advance(TimeSpan.FromHours(1));
            return snapshot.Entries.Count();
        });
        Assert.Throws<SnapshotGoneException>(() => shelf.Read("other", id, _ => 0));
        time.Advance(TimeSpan.FromMinutes(6));

        Assert.Throws<SnapshotGoneException>(() => shelf.Read("c", id, _ => 0));
    }

    private static LibraryQuery Query(int offset) => new()
    {
        Collection = "c",
        Parts = [new QueryPart { Rows = new MultiVector(2, [1, 0.5f]), Space = "dense" }],
        Top = 10,
        Offset = offset,
    };

    private void Store(IEnumerable<string> keys) => _library.Records.UpsertAsync("c",
    [
        .. keys.Select(key => new VectorRecord
        {
            Key = key,
            Vectors = new Dictionary<string, MultiVector> { ["dense"] = new(2, [1, key.Sum(c => c) % 97]) },
        }),
    ]).GetAwaiter().GetResult();

    // Time goes by when a test says so; the timers of that time run then.
    private sealed class ManualTime : TimeProvider
    {
        private readonly List<(TimerCallback Callback, object? State)> _timers = [];
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add((callback, state));
            return new Stopped();
        }

        public void Advance(TimeSpan time)
        {
            _now += time;
            _timers.ForEach(timer => timer.Callback(timer.State));
        }

        private sealed class Stopped : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
