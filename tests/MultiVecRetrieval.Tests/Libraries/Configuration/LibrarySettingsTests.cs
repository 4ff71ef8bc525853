using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Libraries.Configuration;

public sealed class LibrarySettingsTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Load_CommittedFile_GivesTheDefaults()
    {
        string path = Path.Combine(RepositoryRoot.Folder, "appsettings.json");

        LibraryOptions fromFile = LibrarySettings.Load(path, Nothing).Options;

        Assert.Equal(Print(new LibraryOptions()), Print(fromFile));
        // Every setting stands in the file, so a reader sees what there is to set.
        foreach ((string name, _, _, _) in LibrarySettings.Describe(fromFile))
        {
            string[] levels = name.Split(':');
            Assert.Contains($"\"{levels[^1]}\"", File.ReadAllText(path), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_FileEnvironmentAndFlag_TheLaterWins()
    {
        File.WriteAllText(_file, """{ "threads": 3, "media": { "maxPages": 10, "maxFrames": 20 }, "rowFormat": "int8" } // end""");
        Dictionary<string, string> environment = new() { ["MVR_MEDIA__MAX_PAGES"] = "11", ["mvr_media__maxframes"] = "21", ["HOME"] = "/" };

        LibraryOptions options =
            LibrarySettings.Load(_file, environment, new Dictionary<string, string> { ["media:maxFrames"] = "22" }).Options;

        Assert.Equal(3, options.Threads);
        Assert.Equal(11, options.Limits.MaxPages);
        Assert.Equal(22, options.Limits.MaxFrames);
        Assert.Equal(RowFormat.Int8, options.RowFormat);
    }

    [Theory]
    [InlineData("media:maxPages", "0")]
    [InlineData("media:maxPages", "many")]
    [InlineData("media:maxVideoSeconds", "NaN")]
    [InlineData("media:pageTimeout", "-00:00:01")]
    [InlineData("encoder:provider", "gpu")]
    [InlineData("encoder:provider", "1")]
    [InlineData("threads", "-1")]
    [InlineData("dataFolder", " ")]
    [InlineData("recognizeText", "yes")]
    [InlineData("sampling:duplicateDistance", "65")]
    [InlineData("latencyTarget", "00:00:00")]
    [InlineData("writeBufferBytes", "1")]
    [InlineData("mergeSegmentCount", "1")]
    [InlineData("mergeSegmentCount", "-2")]
    [InlineData("automaticTiers", "maybe")]
    public void Load_ValueOutOfRange_NamesSettingValueAndOrigin(string setting, string value)
    {
        InvalidSettingException error = Assert.Throws<InvalidSettingException>(
            () => LibrarySettings.Load(null, Nothing, new Dictionary<string, string> { [setting] = value }));

        Assert.Equal(setting, error.Setting);
        Assert.Equal(value, error.Value);
        Assert.Equal("flag", error.Origin);
        Assert.Contains(error.Expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "medai": { "maxPages": 3 } }""", "medai:maxPages")]
    [InlineData("""{ "media": { "maxPagse": 3 } }""", "media:maxPagse")]
    public void Load_UnknownSettingInFile_IsRefusedByName(string json, string name)
    {
        File.WriteAllText(_file, json);

        InvalidSettingException error = Assert.Throws<InvalidSettingException>(() => LibrarySettings.Load(_file, Nothing));

        Assert.Equal(name, error.Setting);
        Assert.Contains("media:maxPages", error.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownVariableInsideASection_IsRefusedAndElsewhereIgnored()
    {
        LibrarySettings.Load(null, new Dictionary<string, string> { ["MVR_BUILD_STAMP"] = "1" });

        InvalidSettingException error = Assert.Throws<InvalidSettingException>(
            () => LibrarySettings.Load(null, new Dictionary<string, string> { ["MVR_MEDIA__MAX_PAGSE"] = "1" }));
        Assert.Equal("MVR_MEDIA__MAX_PAGSE", error.Setting);
    }

    [Fact]
    public void Load_BrokenJson_NamesTheFile()
    {
        File.WriteAllText(_file, "{ \"threads\": ");

        Assert.Equal(_file, Assert.Throws<InvalidSettingException>(() => LibrarySettings.Load(_file, Nothing)).Setting);
    }

    [Fact]
    public void GetSection_ServerSection_IsLeftToItsOwner()
    {
        File.WriteAllText(_file, """{ "server": { "port": 8080, "apiKey": "k" } }""");

        LibrarySettings settings = LibrarySettings.Load(_file, new Dictionary<string, string> { ["MVR_SERVER__PORT"] = "9090" });

        Assert.Equal("9090", settings.GetSection("server")["port"]);
        Assert.Equal("k", settings.GetSection("server")["apiKey"]);
    }

    [Fact]
    public void Describe_EverySetting_CanBeReadBackFromItsEnvironmentVariable()
    {
        LibraryOptions changed = new()
        {
            ModelFolders = ["/a", "/b c"],
            Encoder = new EncoderOptions { IntraOpThreads = 4 },
            Limits = new MediaLimits { MaxVideoSeconds = 12.5, FileTimeout = TimeSpan.FromSeconds(90) },
            QuietPeriod = TimeSpan.Zero,
            ReadOnly = true,
            LatencyTarget = TimeSpan.FromMilliseconds(7),
            WriteBufferBytes = 3L << 20,
            MergeSegmentCount = 0,
            BuildTiersInBackground = false,
            AutomaticTiers = false,
        };

        Dictionary<string, string> environment =
            LibrarySettings.Describe(changed).ToDictionary(setting => setting.EnvironmentVariable, setting => setting.Value);

        Assert.Equal(Print(changed), Print(LibrarySettings.Load(null, environment).Options));
    }

    [Fact]
    public void Validate_OptionsFromCode_NamesTheSetting()
    {
        LibraryOptions options = new() { Limits = new MediaLimits { MaxPages = -5 } };

        InvalidSettingException error = Assert.Throws<InvalidSettingException>(() => new Library(options));

        Assert.Equal(("media:maxPages", "-5"), (error.Setting, error.Value));
    }

    private static string Print(LibraryOptions options) =>
        string.Join('\n', LibrarySettings.Describe(options).Select(setting => $"{setting.Name}={setting.Value}"));
}
