using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace MultiVecRetrieval.Tests.Libraries;

/// <summary>Folders that are watched: what changes is indexed without being asked for.</summary>
public sealed class WatchTests : IAsyncDisposable
{
    private static readonly WatchOptions Quick = new()
    {
        QuietPeriod = TimeSpan.FromMilliseconds(100),
        LongestDelay = TimeSpan.FromSeconds(1),
        SweepInterval = TimeSpan.FromSeconds(2),
    };

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _notices = [];
    private readonly Library _library;
    private Task _watching = Task.CompletedTask;
    private int _runs;

    public WatchTests()
    {
        _library = new Library(new LibraryOptions { DataFolder = Path.Combine(_folder, "data") });
        Directory.CreateDirectory(Notes);
        Write("one.md");
    }

    private string Notes => Path.Combine(_folder, "notes");

    [Fact]
    public async Task Watch_FilesAddedRenamedAndDeleted_AreFollowed()
    {
        Start();
        await WaitForAsync("one.md");

        Write("two.md");
        await WaitForAsync("one.md", "two.md");

        File.Move(Path.Combine(Notes, "two.md"), Path.Combine(Notes, "three.md"));
        await WaitForAsync("one.md", "three.md");

        File.Delete(Path.Combine(Notes, "three.md"));
        await WaitForAsync("one.md");
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task Watch_FolderThatGoesAndComesBack_LosesNothing()
    {
        Start();
        await WaitForAsync("one.md");

        string away = Path.Combine(_folder, "away");
        Directory.Move(Notes, away);
        await UntilAsync(() => _notices.Any(notice => notice.Contains("is not there", StringComparison.Ordinal)));
        Assert.Equal(["one.md"], Keys());

        Directory.Move(away, Notes);
        Write("two.md");
        await WaitForAsync("one.md", "two.md");
        Assert.Contains(_notices, notice => notice.Contains("is there again", StringComparison.Ordinal));
    }

    // What a mount point looks like without its drive.
    [Fact]
    public async Task Watch_FolderThatIsEmptiedAsAWhole_KeepsItsDocuments()
    {
        Start();
        await WaitForAsync("one.md");
        int before = _runs;

        File.Delete(Path.Combine(Notes, "one.md"));
        await UntilAsync(() => _runs > before + 1);

        Assert.Equal(["one.md"], Keys());
    }

    [Fact]
    public async Task Watch_FileThatIsDeletedAndComesBack_IsFollowed()
    {
        Write("two.md");
        Start(Path.Combine(Notes, "two.md"));
        await WaitForAsync("two.md");

        File.Delete(Path.Combine(Notes, "two.md"));
        await WaitForAsync();

        Write("two.md");
        await WaitForAsync("two.md");
        Assert.Empty(_notices);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Watch_FolderThatCannotBeListed_EndsNothingForOthers()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "A privileged process lists every folder.");
        string other = Path.Combine(_folder, "other");
        Directory.CreateDirectory(other);
        await File.WriteAllTextAsync(Path.Combine(other, "kept.md"), "# Kept\n", TestContext.Current.CancellationToken);
        Start(Notes, other);
        await WaitForAsync("kept.md", "one.md");

        File.SetUnixFileMode(other, UnixFileMode.None);
        Write("two.md");
        await WaitForAsync("kept.md", "one.md", "two.md");
        File.SetUnixFileMode(other, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Watch_OptionOutOfRange_IsNamed()
    {
        ArgumentOutOfRangeException error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _library.WatchAsync(
            new IndexRequest { Collection = "notes", Paths = [Notes] }, Quick with { SweepInterval = TimeSpan.Zero },
            (_, _) => Task.CompletedTask, notices: null, TestContext.Current.CancellationToken));
        Assert.Equal("SweepInterval", error.ParamName);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await _watching;
            throw new OperationCanceledException();
        });
        _library.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    private void Start(params string[] paths) => _watching = _library.WatchAsync(
        new IndexRequest { Collection = "notes", Paths = paths.Length > 0 ? paths : [Notes], Models = ["words-only"] }, Quick,
        async (request, cancellationToken) =>
        {
            await _library.IndexAsync(request, cancellationToken: cancellationToken);
            _runs++;
        },
        new Told(_notices), _stop.Token);

    private void Write(string name) => File.WriteAllText(Path.Combine(Notes, name), $"# {name}\n\nSomething about {name} to read.\n");

    private string[] Keys() => !_library.CollectionExists("notes") ? []
        : [.. _library.GetCollection("notes").Documents.List(limit: 100).Select(document => document.Key).Order(StringComparer.Ordinal)];

    private Task WaitForAsync(params string[] keys) => UntilAsync(() => Keys().SequenceEqual(keys.Order(StringComparer.Ordinal)));

    private async Task UntilAsync(Func<bool> isReached)
    {
        for (int i = 0; i < 600 && !isReached(); i++)
        {
            Assert.False(_watching.IsFaulted, _watching.Exception?.ToString());
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.True(isReached(), $"Not reached within a minute; there are {string.Join(", ", Keys())}.");
    }

    private sealed class Told(ConcurrentQueue<string> notices) : IProgress<string>
    {
        public void Report(string value) => notices.Enqueue(value);
    }
}
