using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Tests.Server;

public class ServerOptionsTests
{
    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://192.168.1.5:80")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://127.0.0.1:8080;http://example.org:80")]
    public void Check_PublicAddressWithoutKey_NamesTheKey(string urls)
    {
        ServerOptionsException e =
            Assert.Throws<ServerOptionsException>(() => ServerOptionsReader.Check(new ServerOptions { Urls = urls }));

        Assert.Equal("server:apiKey", e.Setting);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:0")]
    [InlineData("http://[::1]:8080")]
    public void Check_LoopbackWithoutKey_Passes(string urls) => ServerOptionsReader.Check(new ServerOptions { Urls = urls });

    [Theory]
    [InlineData("urls", "ftp://127.0.0.1:1")]
    [InlineData("certificateKey", "alone.pem", "certificate")]
    [InlineData("urls", "nonsense")]
    [InlineData("urls", "")]
    [InlineData("apiKey", "short")]
    [InlineData("maxTop", "0")]
    [InlineData("maxUploadBytes", "5")]
    [InlineData("allowedRoots", "relative/folder")]
    [InlineData("watch", "notes=relative/folder")]
    [InlineData("watch", "a b=/x")]
    [InlineData("watch", "notes; notes=/x")]
    [InlineData("watchInterval", "00:00:00.5")]
    public void Bind_BadValue_NamesTheSetting(string name, string value, string? named = null)
    {
        ServerOptionsException e =
            Assert.Throws<ServerOptionsException>(() => ServerOptionsReader.Bind(new Dictionary<string, string> { [name] = value }));

        Assert.Equal($"server:{named ?? name}", e.Setting);
    }

    [Fact]
    public void Bind_TextForNumber_NamesTheValue()
    {
        ServerOptionsException e = Assert.Throws<ServerOptionsException>(
            () => ServerOptionsReader.Bind(new Dictionary<string, string> { ["maxTop"] = "many" }));

        Assert.Contains("many", e.Message, StringComparison.Ordinal);
        Assert.Contains("maxTop", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Bind_UnknownName_IsRefused()
    {
        ServerOptionsException e = Assert.Throws<ServerOptionsException>(
            () => ServerOptionsReader.Bind(new Dictionary<string, string> { ["maxTops"] = "3" }));

        Assert.Equal("server:maxTops", e.Setting);
    }

    [Fact]
    public void Bind_UpperCaseNamesAndLists_AreRead()
    {
        ServerOptions options = ServerOptionsReader.Bind(new Dictionary<string, string> { ["MAXTOP"] = "7", ["ALLOWEDROOTS"] = "/a; /b" });

        Assert.Equal(7, options.MaxTop);
        Assert.Equal(["/a", "/b"], options.AllowedRoots);
    }
}
