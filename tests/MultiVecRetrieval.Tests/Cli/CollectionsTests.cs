using System.Text.Json;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Cli;

/// <summary>Collections as wholes: found from any folder, listed, renamed, deleted.</summary>
public sealed class CollectionsTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly TemporaryFolder _sources = new();

    public CollectionsTests() => _sources.Write("a.pdf", SampleLibrary.Pdf("harbour lights"));

    public void Dispose()
    {
        _home.Dispose();
        _sources.Dispose();
    }

    [Fact]
    public void Index_NoDataFolderAnywhere_GoesToTheFolderOfTheUserAndIsFoundAgain()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Where a user's data goes is set by XDG_DATA_HOME on Linux only.");
        }

        ToolResult index = Mvr("index", _sources.FullName, "--model", "words-only", "--set", "quietPeriod=00:00:00");
        ToolResult search = Mvr("search", "harbour", "--using", "text", "--json");
        JsonElement listed = Mvr("collections", "--json").Json;

        Assert.True(index.ExitCode == 0, index.Error);
        Assert.True(Directory.Exists(_home.PathOf("multivecretrieval/default")));
        Assert.Equal("a.pdf#page=1", search.Json.GetProperty("hits")[0].GetProperty("key").GetString());
        Assert.Equal(_home.PathOf("multivecretrieval"), listed.GetProperty("folder").GetString());
        JsonElement collection = Assert.Single(listed.GetProperty("collections").EnumerateArray());
        Assert.Equal(("default", 1, 1), (collection.GetProperty("name").GetString(), collection.GetProperty("documents").GetInt32(),
            collection.GetProperty("entries").GetInt32()));
        Assert.Equal(_sources.FullName, collection.GetProperty("roots")[0].GetString());
    }

    [Fact]
    public void Run_FolderNamedIndexesWhereItRuns_IsTaken()
    {
        Directory.CreateDirectory(_home.PathOf("indexes"));

        JsonElement listed = Tool.RunIn(_home.FullName, ("XDG_DATA_HOME", _sources.FullName), "collections", "--json").Json;
        JsonElement given = Tool.RunIn(_home.FullName, ("MVR_DATA_FOLDER", _sources.FullName), "collections", "--json").Json;

        Assert.Equal(_home.PathOf("indexes"), listed.GetProperty("folder").GetString());
        Assert.Equal(_sources.FullName, given.GetProperty("folder").GetString());
    }

    [Fact]
    public void RenameAndDelete_Collection_DoWhatTheySay()
    {
        string[] common = ["--data", _home.PathOf("data"), "--set", "quietPeriod=00:00:00"];
        Assert.Equal(0, Tool.Run(["index", _sources.FullName, "--model", "words-only", "-c", "old", .. common]).ExitCode);

        ToolResult renamed = Tool.Run(["rename", "old", "new", .. common]);
        ToolResult found = Tool.Run(["search", "harbour", "-c", "new", "--using", "text", "--json", .. common]);
        ToolResult again = Tool.Run(["rename", "old", "new", .. common]);
        ToolResult badName = Tool.Run(["rename", "new", "../x", .. common]);
        ToolResult unasked = Tool.Run(["delete", "new", .. common]);
        bool isKept = Directory.Exists(_home.PathOf("data/new"));
        ToolResult deleted = Tool.Run(["delete", "new", "--yes", .. common]);
        ToolResult gone = Tool.Run(["delete", "new", "--yes", .. common]);

        Assert.True(renamed.ExitCode == 0, renamed.Error);
        Assert.Equal("a.pdf#page=1", found.Json.GetProperty("hits")[0].GetProperty("key").GetString());
        Assert.Equal([2, 2, 2], [again.ExitCode, badName.ExitCode, unasked.ExitCode]);
        Assert.Contains("--yes", unasked.Error, StringComparison.Ordinal);
        Assert.True(isKept);
        Assert.True(deleted.ExitCode == 0, deleted.Error);
        Assert.False(Directory.Exists(_home.PathOf("data/new")));
        Assert.True(File.Exists(_sources.PathOf("a.pdf")));
        Assert.Equal(4, gone.ExitCode);
    }

    private ToolResult Mvr(params string[] arguments) => Tool.RunIn(_sources.FullName, ("XDG_DATA_HOME", _home.FullName), arguments);
}
