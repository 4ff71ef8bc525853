using System.Text.Json;
using MultiVecRetrieval.Numerics.Reduction;
using MultiVecRetrieval.Tests.Libraries.Tuning;

namespace MultiVecRetrieval.Tests.Cli;

/// <summary>Tiers, statistics and tuning through the command line alone.</summary>
public sealed class TiersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _common;

    public TiersTests()
    {
        string data = Path.Combine(_folder.FullName, "data");
        _common = ["--data", data, "--collection", "filled"];
        using Library library = new(new LibraryOptions { DataFolder = data });
        FilledCollection.Write(library, "filled");
        FilledCollection.Write(library, "ordered", "order:by=rarity");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tiers_BuiltSearchedRemoved_DoWhatTheySay()
    {
        string[] exact = Keys(Mvr("search", "pressure matrix", "--using", "vectors", "--exact", "--json").Json);

        JsonElement built = Mvr("tiers", "int8", "--json").Json;
        JsonElement tier = Assert.Single(built.GetProperty("tiers").EnumerateArray());
        Assert.Equal(("int8", true, FilledCollection.EntryCount),
            (tier.GetProperty("spec").GetString(), tier.GetProperty("isTrained").GetBoolean(),
            tier.GetProperty("encodedEntryCount").GetInt32()));
        Assert.NotEqual(JsonValueKind.Null, tier.GetProperty("calibration").ValueKind);

        JsonElement through = Mvr("search", "pressure matrix", "--using", "vectors", "--tier", "int8", "--json").Json;
        Assert.Equal(["int8", "exact"],
            through.GetProperty("plans")[0].GetProperty("stages").EnumerateArray().Select(stage => stage.GetString()!));
        Assert.Equal(exact, Keys(through));

        Assert.Contains("int8", Mvr("stats").Output, StringComparison.Ordinal);
        Assert.Equal(0, Mvr("verify").ExitCode);
        Assert.Empty(Mvr("tiers", "--none", "--json").Json.GetProperty("tiers").EnumerateArray());
    }

    [Fact]
    public void Tiers_Auto_TakesBackWhatWasChosen()
    {
        Mvr("tiers", "--none");
        Assert.Contains("were chosen", Mvr("tiers").Output, StringComparison.Ordinal);

        JsonElement automatic = Mvr("tiers", "--auto", "--json").Json;

        Assert.False(automatic.GetProperty("areTiersChosen").GetBoolean());
        Assert.Contains("are automatic", Mvr("stats").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Tiers_ThatCannotBeTrained_AreSaidOnStandardError()
    {
        ToolResult result = Mvr("tiers", "codes:60000");

        Assert.Contains("Tier codes:60000 of space", result.Error, StringComparison.Ordinal);
        Assert.Contains("cannot be trained", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tiers_List_HasALineForEveryKindThereIs()
    {
        ToolResult text = Mvr("tiers", "--list");
        JsonElement json = Mvr("tiers", "--list", "--json").Json;

        Assert.All(TierKind.All, kind => Assert.Contains($"  {kind.Usage}\n      {kind.Summary}\n", text.Output, StringComparison.Ordinal));
        Assert.All(Reductions.Families,
            family => Assert.Contains($"  {family.Usage}\n      {family.Summary}\n", text.Output, StringComparison.Ordinal));
        Assert.Equal(TierKind.All.Count, json.GetProperty("tiers").GetArrayLength());
        Assert.All(TierKind.All, kind => Assert.Contains(kind.Name, Mvr("tiers", "--help").Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Tiers_RowFormat_RewritesRowsAndSaysThatItRounds()
    {
        ToolResult result = Mvr("tiers", "--row-format", "int8", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("rounded to int8", result.Error, StringComparison.Ordinal);
        Assert.Equal(("int8", 0),
            (result.Json.GetProperty("rowFormat").GetString(), result.Json.GetProperty("oldFormatSegmentCount").GetInt32()));
        Assert.Equal(0, Mvr("verify").ExitCode);
    }

    [Fact]
    public void Tune_Json_HasALineForEachTier()
    {
        JsonElement report = Mvr("tune", "--tier", "int8", "--tier", "float16", "--json").Json;

        Assert.Equal("words of stored entries", report.GetProperty("queriesFrom").GetString());
        Assert.Equal(["float16", "int8"],
            report.GetProperty("tiers").EnumerateArray().Select(tier => tier.GetProperty("tier").GetString()!)
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Search_Rows_ScoresFirstRowsOfOrderedCollectionsOnly()
    {
        string[] search = ["search", "pressure matrix", "--using", "vectors", "--rows", "2"];
        string[] ordered = [.. search, "--data", _common[1], "--collection", "ordered"];

        JsonElement plan = Tool.Run([.. ordered, "--json"]).Json.GetProperty("plans")[0];
        ToolResult text = Tool.Run(ordered);
        ToolResult refused = Mvr(search);

        Assert.Equal((2, true), (plan.GetProperty("rowLimit").GetInt32(), plan.GetProperty("isExact").GetBoolean()));
        Assert.Contains("exact over the first 2 rows", text.Error, StringComparison.Ordinal);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("setting reduction", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_TierAndBudgets_AreUsedAndShown()
    {
        Mvr("tiers", "int8", "float16");
        string[] search = ["search", "pressure matrix", "--using", "vectors", "--tier", "int8 > float16", "--budget", "60,20"];

        JsonElement plan = Mvr([.. search, "--json"]).Json.GetProperty("plans")[0];
        ToolResult text = Mvr(search);
        ToolResult unknown = Mvr("search", "pressure", "--using", "vectors", "--tier", "bits:2");
        ToolResult growing = Mvr("search", "pressure", "--using", "vectors", "--tier", "int8 > float16", "--budget", "20,60");

        Assert.Equal([60, 20], plan.GetProperty("budgets").EnumerateArray().Select(budget => budget.GetInt32()));
        Assert.Contains("int8 then float16 then exact (60 then 20 candidates)", text.Error.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
        Assert.Equal((2, 2), (unknown.ExitCode, growing.ExitCode));
        Assert.Contains("it has int8, float16", unknown.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("budgets do not grow", growing.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void Tune_FewEntries_ExitsWith2WithoutNamesOfTheCode()
    {
        using (Library library = new(new LibraryOptions { DataFolder = _common[1] }))
        {
            library.CreateCollection("empty");
        }

        ToolResult result = Tool.Run("tune", "--data", _common[1], "--collection", "empty");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("has 0 entries; tuning takes at least 100", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadOnly_SomethingIsToChange_ExitsWith2AndNamesTheSetting()
    {
        ToolResult result = Mvr("tiers", "int8", "--set", "readOnly=true");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Setting readOnly is 'true'", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--budget", "search", "words", "--budget", "20")]
    [InlineData("--budget", "search", "words", "--tier", "int8", "--budget", "many")]
    [InlineData("--budget", "search", "words", "--tier", "int8", "--budget", "20,")]
    [InlineData("--tier", "search", "words", "--tier", "int8", "--exact")]
    [InlineData("--tier", "search", "words", "--tier", "int8", "--using", "text")]
    [InlineData("--rows", "search", "words", "--rows", "0")]
    [InlineData("--recall", "search", "words", "--recall", "0")]
    [InlineData("--recall", "search", "words", "--recall", "1.5")]
    [InlineData("at most one", "search", "words", "--exact", "--recall", "0.9")]
    [InlineData("only one", "tiers", "int8", "--none")]
    [InlineData("only one", "tiers", "--none", "--auto")]
    [InlineData("--list", "tiers", "--list", "--auto")]
    [InlineData("--recall", "tune", "--recall", "2")]
    public void WrongUse_IsRefusedByName(string expected, params string[] arguments)
    {
        ToolResult result = Mvr(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bits:99", "from 1 to 8", "tiers", "int8", "bits:99", "--row-format", "int8")]
    [InlineData("nonsense:7", "hnsw", "tiers", "nonsense:7")]
    [InlineData("ward:0/int8", "'0' is no number from 1", "tiers", "ward:0/int8")]
    [InlineData("hnsw:1", "from 2 to 128", "tiers", "hnsw:1")]
    [InlineData("bits:99", "from 1 to 8", "tune", "--tier", "int8", "--tier", "bits:99")]
    public void WrongTier_IsRefusedBeforeAnyWork(string spec, string expected, params string[] arguments)
    {
        Mvr("tiers", "float16");

        ToolResult result = Mvr(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains($"The tier '{spec}' is not understood", result.Error, StringComparison.Ordinal);
        Assert.Contains(expected, result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", result.Error, StringComparison.Ordinal);
        JsonElement space = Mvr("tiers", "--json").Json;
        Assert.Equal("float32", space.GetProperty("rowFormat").GetString());
        Assert.Equal("float16", Assert.Single(space.GetProperty("tiers").EnumerateArray()).GetProperty("spec").GetString());
    }

    private ToolResult Mvr(params string[] arguments) => Tool.Run([.. arguments, .. _common]);

    private static string[] Keys(JsonElement result)
        => [.. result.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("key").GetString()!)];
}
