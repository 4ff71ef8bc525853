using System.Text.Json;
using MultiVecRetrieval.Interchange;
using MultiVecRetrieval.Tests.Encoding.Models;
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

    [Fact]
    public void Import_VectorsWithTheModelThatAsksThem_MakesTheCollectionAndFindsThem()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        planted.Write("encoder.json", """{ "compatibleWith": "colours" }""");
        File.Delete(planted.PathOf("onnx/vision_model.onnx"));
        Directory.CreateDirectory(_folder.PathOf("models"));
        CopyFolder(planted.Folder, _folder.PathOf("models/asks"));

        // Two tensors [1, 4] of float32: (1, -1, -1, 0) is red, (-1, -1, 1, 0) blue.
        const string Head = """
            { "red page": { "dtype": "F32", "shape": [1, 4], "data_offsets": [0, 16] },
              "blue page": { "dtype": "F32", "shape": [1, 4], "data_offsets": [16, 32] } }
            """;
        byte[] length = BitConverter.GetBytes((long)Head.Length);
        float[] rows = [1, -1, -1, 0, -1, -1, 1, 0];
        string path = _folder.Write(
            "gallery.safetensors", [.. length, .. System.Text.Encoding.ASCII.GetBytes(Head), .. rows.SelectMany(BitConverter.GetBytes)]);

        ToolResult imported = Mvr("import", "--collection", "gallery", "--vectors", path, "--model", "asks", "--json");
        ToolResult found = Mvr("search", "blue", "--collection", "gallery", "--using", "vectors", "--json");
        ToolResult both = Mvr("import", "--collection", "gallery", "--vectors", path, "--faiss", path);

        Assert.True(imported.ExitCode == 0, imported.Error);
        Assert.Equal(2, imported.Json.GetProperty("entries").GetInt32());
        Assert.True(found.ExitCode == 0, found.Error);
        Assert.Equal("blue page", found.Json.GetProperty("hits")[0].GetProperty("key").GetString());
        Assert.Equal(2, both.ExitCode);
    }

    private static void CopyFolder(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private ToolResult Mvr(params string[] arguments) => Tool.Run([.. arguments, .. _common]);
}
