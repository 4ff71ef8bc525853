using MultiVecRetrieval.Server;
using MultiVecRetrieval.Server.Access;

namespace MultiVecRetrieval.Tests.Server;

public sealed class AllowedPathsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mvr-roots-").FullName;

    public AllowedPathsTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "in", "deep"));
        Directory.CreateDirectory(Path.Combine(_folder, "inside-not"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "in", "way-out"), Path.Combine(_folder, "inside-not"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("in")]
    [InlineData("in/deep")]
    [InlineData("in/deep/../deep")]
    public void Resolve_BelowRoot_IsAllowed(string path) =>
        Assert.StartsWith(Path.Combine(_folder, "in"), AllowedPaths.Resolve(Path.Combine(_folder, path), [Path.Combine(_folder, "in")]),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("inside-not")]
    [InlineData("in/../inside-not")]
    [InlineData("in/way-out")]
    [InlineData("not-there")]
    public void Resolve_Elsewhere_IsForbiddenAndNamesTheSetting(string path)
    {
        RequestException e =
            Assert.Throws<RequestException>(() => AllowedPaths.Resolve(Path.Combine(_folder, path), [Path.Combine(_folder, "in")]));

        Assert.Equal(403, e.Status);
        Assert.Equal("server:allowedRoots", e.Setting);
    }

    [Fact]
    public void Resolve_NoRoots_IsForbidden() =>
        Assert.Equal(403, Assert.Throws<RequestException>(() => AllowedPaths.Resolve(_folder, [])).Status);
}
