using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Cli;

/// <summary>The life of a collection through the command line alone.</summary>
public sealed class LifeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _sources;
    private readonly string[] _common;

    public LifeTests()
    {
        _sources = Path.Combine(_folder.FullName, "sources");
        Directory.CreateDirectory(Path.Combine(_sources, "sub"));
        _common = ["--data", Path.Combine(_folder.FullName, "data"), "--collection", "life", "--set", "quietPeriod=00:00:00"];
        File.WriteAllBytes(Path.Combine(_sources, "sub", "two words.pdf"),
            SampleLibrary.Pdf("hydraulic pump pressure", "elephants never forget"));
        File.WriteAllBytes(Path.Combine(_sources, "sign.png"), SampleLibrary.Png(SampleLibrary.RenderText("railway station")));
        File.WriteAllText(Path.Combine(_sources, "broken.pdf"), "%PDF-1.7\nnothing follows");
        File.WriteAllText(Path.Combine(_sources, "notes.py"), "plain text");
    }

    [Fact]
    public void IndexSearchStatusRemoveVerify_SmallFolder_DoWhatTheySay()
    {
        ToolResult index = Mvr("index", _sources, "--json");
        Assert.Equal(5, index.ExitCode);
        Assert.Equal(2, index.Json.GetProperty("indexed").GetInt64());
        Assert.Equal(Path.Combine(_sources, "broken.pdf"), index.Json.GetProperty("failed")[0].GetProperty("path").GetString());

        JsonElement unsupported = Assert.Single(index.Json.GetProperty("unsupported").EnumerateArray());
        Assert.Equal((".py", 1), (unsupported.GetProperty("extension").GetString(), unsupported.GetProperty("count").GetInt32()));
        Assert.Contains("1 files of types that are not read: 1 .py", Mvr("index", _sources).Error, StringComparison.Ordinal);

        JsonElement status = Mvr("status", "--json").Json;
        Assert.Equal((4, 2, 1, 1, 0),
            (Number(status, "seen"), Number(status, "indexed"), Number(status, "failed"), Number(status, "excluded"),
            Number(status, "unaccounted")));

        JsonElement hit = Mvr("search", "elephants forget", "--json", "--top", "3").Json.GetProperty("hits")[0];
        Assert.Equal("sub/two words.pdf#page=2", hit.GetProperty("key").GetString());
        Assert.Equal("sub/two words.pdf", hit.GetProperty("document").GetString());
        Assert.Equal(2, hit.GetProperty("page").GetInt32());
        Assert.Equal(4, hit.GetProperty("box").GetArrayLength());
        Assert.Contains(hit.GetProperty("sources").EnumerateArray(), source => source.GetProperty("name").GetString() == "text");
        Assert.Contains(hit.GetProperty("sources").EnumerateArray(),
            source => source.GetProperty("name").GetString() == "vectors:minilm");
        Assert.Contains(hit.GetProperty("matches").EnumerateArray(),
            match => match.GetProperty("source").GetString() == "vectors:page-words");

        // The pages of a document stand together, unless they are not to.
        JsonElement all = Mvr("search", "hydraulic elephants", "--using", "text", "--json").Json.GetProperty("hits");
        Assert.Equal("sub/two words.pdf", Assert.Single(all.EnumerateArray()).GetProperty("document").GetString());
        Assert.Equal(1, all[0].GetProperty("others").GetArrayLength());
        Assert.Equal(2,
            Mvr("search", "hydraulic elephants", "--using", "text", "--group", "0", "--json").Json.GetProperty("hits").GetArrayLength());
        Assert.Contains("sub/two words.pdf#page=1", Mvr("search", "hydraulic elephants", "--using", "text").Output, StringComparison.Ordinal);

        Assert.Equal("sign.png", FirstKey("search", "railway station", "--using", "vectors", "--json"));
        Assert.Equal("sub/two words.pdf#page=1", FirstKey("search", "hydraulic", "--using", "text", "--json"));
        Assert.Equal("sign.png", FirstKey("search", "--image", Path.Combine(_sources, "sign.png"), "--json"));
        Assert.Equal("sub/two words.pdf#page=2", FirstKey("search", "elephants", "--filter", "type = page and page > 1", "--json"));

        Assert.Equal(0, Mvr("verify").ExitCode);
        Assert.Equal(0, Mvr("remove", "sign.png").ExitCode);
        Assert.Equal(4, Mvr("remove", "sign.png").ExitCode);
        Assert.DoesNotContain("sign.png", Mvr("search", "railway station", "--json").Output, StringComparison.Ordinal);
        Assert.Equal(5, Mvr("retry").ExitCode);
    }

    [Fact]
    public void Index_Reduce_IsShownByStatusAndFixedForTheCollection()
    {
        string file = Path.Combine(_sources, "sub", "two words.pdf");

        Assert.Equal(0, Mvr("index", file, "--reduce", "ward:2").ExitCode);
        Assert.Equal("ward:2", Mvr("status", "--json").Json.GetProperty("spaces").EnumerateArray()
            .Single(space => space.GetProperty("name").GetString() == "page-words").GetProperty("reduction").GetString());
        Assert.Equal("two words.pdf#page=2", FirstKey("search", "elephants", "--using", "vectors", "--json"));

        ToolResult other = Mvr("index", file, "--reduce", "ward:4");
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("ward:2", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_QueryFile_WritesATrecRun()
    {
        Mvr("index", _sources);
        string queries = Path.Combine(_folder.FullName, "queries.jsonl");
        string run = Path.Combine(_folder.FullName, "run.trec");
        string image = Path.Combine(_sources, "sign.png");
        File.WriteAllText(queries, $$"""
            {"id": "q1", "query": "hydraulic pump"}

            {"id": 2, "query": {{JsonSerializer.Serialize(image)}}}
            """);

        Assert.Equal(0, Mvr("search", "--queries", queries, "--run", run, "--top", "2").ExitCode);

        string[][] lines = [.. File.ReadLines(run).Select(line => line.Split(' '))];
        Assert.All(lines, fields => Assert.Equal(6, fields.Length));
        Assert.Equal(["q1", "Q0", "sub/two%20words.pdf#page=1", "1"], lines[0][..4]);
        Assert.Contains(lines, fields => fields[0] == "2" && fields[2] == "sign.png" && fields[3] == "1");
        Assert.All(lines, fields => Assert.True(double.TryParse(fields[4], CultureInfo.InvariantCulture, out _)));
    }

    [Fact]
    public void Search_QueryFileWithABadLine_NamesTheLine()
    {
        Mvr("index", _sources);
        string queries = Path.Combine(_folder.FullName, "queries.jsonl");
        string run = Path.Combine(_folder.FullName, "run.trec");
        File.WriteAllText(queries, "{\"id\":\"a\",\"query\":\"pump\"}\n{\"id\":\"b\"}\n");

        ToolResult result = Mvr("search", "--queries", queries, "--run", run);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("line 2", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(run));
    }

    [Fact]
    public async Task Index_Interrupted_ExitsWith130AndTheNextRunCompletes()
    {
        for (int i = 0; i < 40; i++)
        {
            File.WriteAllBytes(Path.Combine(_sources, $"page{i:00}.pdf"), SampleLibrary.Pdf($"document number {i} of many"));
        }

        using (Process process = Tool.Start(["index", _sources, .. _common]))
        {
            // The first line of progress: the run is under way.
            Assert.NotNull(await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken));
            Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
            _ = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Contains(process.ExitCode, new[] { 130, 5 });
        }

        JsonElement interrupted = Mvr("status", "--json").Json;
        Assert.Equal(0, Number(interrupted, "unaccounted"));

        Assert.Equal(5, Mvr("index", _sources).ExitCode);
        JsonElement complete = Mvr("status", "--json").Json;
        Assert.Equal((44, 42, 0), (Number(complete, "seen"), Number(complete, "indexed"), Number(complete, "pending")));
    }

    public void Dispose() => _folder.Dispose();

    private ToolResult Mvr(params string[] arguments) => Tool.Run([.. arguments, .. _common]);

    private string? FirstKey(params string[] arguments) => Mvr(arguments).Json.GetProperty("hits")[0].GetProperty("key").GetString();

    private static long Number(JsonElement json, string name) => json.GetProperty(name).GetInt64();
}
