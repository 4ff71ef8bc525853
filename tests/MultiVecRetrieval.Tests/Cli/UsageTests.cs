namespace MultiVecRetrieval.Tests.Cli;

public class UsageTests
{
    [Theory]
    [InlineData("give words, --image FILE, --like KEY or --part JSON", "search")]
    [InlineData("do not go with it", "search", "words", "--queries", "a.jsonl", "--run", "b")]
    [InlineData("--part takes JSON such as", "search", "--part", "{txt:1}")]
    [InlineData("no member 'txt'", "search", "--part", """{"txt":"a"}""")]
    [InlineData("subject, modifier, context, exclude", "search", "--part", """{"text":"a","role":"object"}""")]
    [InlineData("--top must be in [1, 10000], found 0", "search", "words", "--top", "0")]
    [InlineData("--group must be in [0, 100], found 101", "search", "words", "--group", "101")]
    [InlineData("--offset must be in [0, 1000000], found -1", "search", "words", "--offset", "-1")]
    [InlineData("'sideways' not recognized", "search", "words", "--using", "sideways")]
    [InlineData("--then asks for a sequence", "search", "a", "--then", "b", "--combine", "sum")]
    [InlineData("--fusion: 'votes' joins no sides", "search", "words", "--fusion", "votes")]
    [InlineData("--weights: 'text' is no weight", "search", "words", "--weights", "text")]
    [InlineData("--run FILE go together", "search", "--queries", "q.jsonl")]
    [InlineData("--through FILE and --model DIR go together", "search", "words", "--model", "m")]
    [InlineData("media:maxPages", "search", "words", "--set", "media:maxPages=many")]
    [InlineData("media:maxPagez", "search", "words", "--set", "media:maxPagez=1")]
    [InlineData("no option '--tpo'", "search", "--tpo", "5", "cats")]
    [InlineData("no option '--top-k=5'", "search", "cats", "--top-k=5")]
    [InlineData("-foo only says what must not be there; a word that begins with a dash is searched for in quotes", "search", "-foo")]
    [InlineData("-foo only says what must not be there", "search", "--", "-foo")]
    [InlineData("no option '--remove-mising'", "index", "/tmp", "--remove-mising")]
    [InlineData("KEY=VALUE", "search", "words", "--set", "media")]
    [InlineData("NAME=VALUE", "index", "/tmp", "--meta", "novalue")]
    [InlineData("position", "search", "words", "--filter", "page >")]
    [InlineData("--tokens needs --model", "doctor", "--tokens", "t.jsonl")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("'abc' for option '--recall' as a number", "search", "words", "--recall", "abc")]
    [InlineData("'abc' for option '--rows' as a whole number", "search", "words", "--rows", "abc")]
    [InlineData("'abc' for option '--top' as a whole number", "search", "words", "--top", "abc")]
    [InlineData("See: mvr binarizer train --help", "binarizer", "train")]
    public void Run_WrongUsage_NamesItAndExitsWith2(string expected, params string[] arguments)
    {
        ToolResult result = Tool.Run(arguments);

        Assert.Contains(expected, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Search_NoSuchCollection_ExitsWith4AndSaysHowToMakeOne()
    {
        using TemporaryFolder data = new();

        ToolResult result = Tool.Run("search", "words", "--data", data.FullName, "--collection", "absent");

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("mvr index", result.Error, StringComparison.Ordinal);
    }

    // Its name would be searched for in its place.
    [Theory]
    [InlineData("gone.jpg")]
    [InlineData("./gone")]
    public void Search_PictureToExcludeIsNotThere_ExitsWith4AndNamesIt(string file)
    {
        ToolResult result = Tool.Run("search", "words", "--not", file);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains($"No image file at {file}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_WordsAfterTwoDashes_AreWords()
    {
        using TemporaryFolder data = new();

        ToolResult result = Tool.Run("search", "--data", data.FullName, "--", "--tpo", "cats");

        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    public void Index_NoSuchPath_ExitsWith4AndNamesIt()
    {
        using TemporaryFolder data = new();

        ToolResult result = Tool.Run("index", "/nowhere/at/all", "--data", data.FullName);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("/nowhere/at/all", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_EmptyTextOrNoCommand_ExitsWith2WithoutNamesOfTheCode()
    {
        ToolResult empty = Tool.Run("search", " ");
        ToolResult badName = Tool.Run("search", "words", "--collection", "../x");
        ToolResult none = Tool.Run();
        ToolResult unknown = Tool.Run("serch");

        Assert.Equal([2, 2, 2, 2], [empty.ExitCode, badName.ExitCode, none.ExitCode, unknown.ExitCode]);
        Assert.DoesNotContain("Parameter", empty.Error + badName.Error, StringComparison.Ordinal);
        Assert.Contains("Commands:", none.Output, StringComparison.Ordinal);
        Assert.Contains("See: mvr --help", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_HowToAdd_NamesAVariableThatIsRead()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.PathOf("models/mine/onnx"));

        string advice = Tool.Run("models").Output;
        ToolResult found = Tool.RunWith("MVR_MODEL_FOLDERS", folder.PathOf("models"), "models");

        Assert.Contains("MVR_MODEL_FOLDERS=", advice, StringComparison.Ordinal);
        Assert.Contains(folder.PathOf("models/mine"), found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_HealthyInstallation_ListsEveryLibraryAndExitsWith0()
    {
        using TemporaryFolder data = new();

        ToolResult result = Tool.Run("doctor", "--data", data.FullName);

        Assert.All(["ONNX Runtime", "libonnxruntime", "SQLite", "libe_sqlite3", "libvips", "pdftoppm", "ffmpeg"],
            part => Assert.Contains(part, result.Output, StringComparison.Ordinal));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Help_Root_ListsEveryCommandAndTheExitCodes()
    {
        ToolResult result = Tool.Run("--help");

        Assert.Equal(0, result.ExitCode);
        Assert.All(
            ["index", "search", "status", "retry", "remove", "verify", "serve", "models", "doctor", "demo", "130 cancelled"],
            word => Assert.Contains(word, result.Output, StringComparison.Ordinal));
    }
}
