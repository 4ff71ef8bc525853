using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MultiVecRetrieval.Tests.Libraries.Configuration;

public sealed class ServiceCollectionTests
{
    [Fact]
    public void AddMultiVecRetrieval_Container_SharesOneLibraryAndClosesIt()
    {
        using TemporaryFolder folder = new();
        ServiceProvider provider = new ServiceCollection()
            .AddMultiVecRetrieval(options => options with { DataFolder = folder, Threads = 3 })
            .BuildServiceProvider();
        Library library = provider.GetRequiredService<Library>();
        library.CreateCollection("c");
        Assert.Same(library, provider.GetRequiredService<Library>());
        Assert.Equal((folder.FullName, 3), (library.Options.DataFolder, library.Options.Threads));

        provider.Dispose();

        Assert.Throws<ObjectDisposedException>(() => library.GetCollection("c"));
    }

    [Fact]
    public void AddMultiVecRetrieval_Section_IsReadByTheNamesOfTheSettings()
    {
        IConfigurationSection section = Section(
            ("DataFolder", "/d"), ("Media:MaxPages", "11"), ("latencyTarget", "00:00:01"),
            ("ModelFolders:0", "/a"), ("ModelFolders:1", "/b"));
        using ServiceProvider provider = new ServiceCollection().AddMultiVecRetrieval(section).BuildServiceProvider();

        LibraryOptions options = provider.GetRequiredService<IOptions<LibraryOptions>>().Value;

        Assert.Equal(("/d", 11, TimeSpan.FromSeconds(1)), (options.DataFolder, options.Limits.MaxPages, options.LatencyTarget));
        Assert.Equal(["/a", "/b"], options.ModelFolders);
        Assert.Same(options, provider.GetRequiredService<Library>().Options);
    }

    [Theory]
    [InlineData("Media:MaxPagse", "3")]
    [InlineData("Media:MaxPages", "0")]
    public void AddMultiVecRetrieval_SettingThatIsNotAccepted_IsRefusedByName(string name, string value)
    {
        using ServiceProvider provider = new ServiceCollection().AddMultiVecRetrieval(Section((name, value))).BuildServiceProvider();

        InvalidSettingException error = Assert.Throws<InvalidSettingException>(provider.GetRequiredService<Library>);

        Assert.Equal(name, error.Setting, ignoreCase: true);
        Assert.Equal(value, error.Value);
        Assert.Equal("in configuration section Search", error.Origin);
    }

    private static IConfigurationSection Section(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("Search:" + setting.Name, (string?)setting.Value)))
            .Build().GetSection("Search");
}
