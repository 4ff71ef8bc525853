using System.Text.Json;
using MultiVecRetrieval.Interchange;
using MultiVecRetrieval.Tests.Libraries.Tuning;

namespace MultiVecRetrieval.Tests.Cli;

/// <summary>Export to FAISS files and import from them, through the command line alone.</summary>
public sealed class FaissTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;
    private readonly string[] _common;

    public FaissTests()
    {
        _data = Path.Combine(_folder.FullName, "data");
        _common = ["--data", _data];
        using Library library = new(new LibraryOptions { DataFolder = _data });
        FilledCollection.Write(library, "filled");
        library.CreateCollection("copy", ["words-only"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ExportThenImport_Json_SayHowManyAndKeepEveryRow()
    {
        string path = _folder.PathOf("rows.faiss");

        JsonElement exported = Mvr("export", "--collection", "filled", "--faiss", path, "--json").Json;
        JsonElement imported = Mvr("import", "--collection", "copy", "--faiss", path, "--json").Json;
        JsonElement again = Mvr("export", "--collection", "copy", "--faiss", path + "2", "--json").Json;

        FaissFlatIndex index = Assert.IsType<FaissFlatIndex>(FaissIndex.Read(path));
        Assert.Equal(index.Count, exported.GetProperty("vectors").GetInt32());
        Assert.Equal(FilledCollection.EntryCount, imported.GetProperty("entries").GetInt32());
        Assert.Equal(exported.GetProperty("vectors").GetInt32(), again.GetProperty("vectors").GetInt32());
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path + "2"));
    }

    [Fact]
    public void Import_FileOfAnotherKind_FailsWithTheKindsThatAreRead()
    {
        string path = _folder.Write("other.faiss", "IwFl and more"u8.ToArray());

        ToolResult result = Mvr("import", "--collection", "copy", "--faiss", path);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("IHNf (IndexHNSWFlat)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_CollectionThatAnotherProcessHolds_IsRefusedAsLocked()
    {
        string path = _folder.PathOf("rows.faiss");
        Assert.Equal(0, Mvr("export", "--collection", "filled", "--faiss", path).ExitCode);
        using Library library = new(new LibraryOptions { DataFolder = _data });
        using IDisposable held = library.CreateCollection("held", ["words-only"]).HoldLock();

        ToolResult result = Mvr("import", "--collection", "held", "--faiss", path);

        Assert.Equal(6, result.ExitCode);
        Assert.Contains("another process", result.Error, StringComparison.Ordinal);
    }

    private ToolResult Mvr(params string[] arguments) => Tool.Run([.. arguments, .. _common]);
}
