using MultiVecRetrieval.Encoding.Hub;

namespace MultiVecRetrieval.Tests.Encoding.Hub;

public sealed class ModelHubOptionsTests
{
    [Fact]
    public void FromEnvironment_NothingSet_IsThePublicHubWithTheCacheOfTheUser()
    {
        ModelHubOptions options = ModelHubOptions.FromEnvironment(_ => null);

        Assert.Equal(new Uri(ModelHubOptions.DefaultEndpoint), options.Endpoint);
        Assert.Null(options.Token);
        Assert.False(options.IsOffline);
        Assert.EndsWith("/.cache/huggingface/hub", options.CacheFolder, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("XDG_CACHE_HOME", "/x", "/x/huggingface/hub")]
    [InlineData("HF_HOME", "/h", "/h/hub")]
    [InlineData("HF_HUB_CACHE", "/c", "/c")]
    public void FromEnvironment_CacheVariables_SayWhereItIs(string variable, string value, string expected) =>
        Assert.Equal(expected, ModelHubOptions.FromEnvironment(name => name == variable ? value : null).CacheFolder);

    [Theory]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("True", true)]
    [InlineData("on", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void FromEnvironment_Offline_IsReadAsTheReferenceReadsIt(string value, bool expected) =>
        Assert.Equal(expected, ModelHubOptions.FromEnvironment(name => name == "HF_HUB_OFFLINE" ? value : null).IsOffline);

    [Fact]
    public void FromEnvironment_EndpointAndToken_AreTaken()
    {
        ModelHubOptions options = ModelHubOptions.FromEnvironment(name => name switch
        {
            "HF_ENDPOINT" => "https://mirror.example/hub",
            "HF_TOKEN" => "secret\n",
            _ => null,
        });

        Assert.Equal("https://mirror.example/hub", options.Endpoint.AbsoluteUri);
        Assert.Equal("secret", options.Token);
        Assert.DoesNotContain("secret", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mirror.example")]
    [InlineData("ftp://mirror.example")]
    public void FromEnvironment_EndpointThatIsNone_IsAnError(string value) =>
        Assert.Throws<ArgumentException>(() => ModelHubOptions.FromEnvironment(name => name == "HF_ENDPOINT" ? value : null));
}
