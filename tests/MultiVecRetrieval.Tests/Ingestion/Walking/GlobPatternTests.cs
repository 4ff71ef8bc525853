using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Tests.Ingestion.Walking;

public class GlobPatternTests
{
    [Theory]
    [InlineData("*.tmp", "a/b/c.tmp", true)]
    [InlineData("*.tmp", "a/b/c.tmpx", false)]
    [InlineData("drafts", "a/drafts", true)]
    [InlineData("drafts/", "a/drafts", true)]
    [InlineData("drafts/*", "drafts/a", true)]
    [InlineData("drafts/*", "drafts/a/b", false)]
    [InlineData("drafts/*", "x/drafts/a", false)]
    [InlineData("/drafts", "drafts", true)]
    [InlineData("**/drafts/*.png", "drafts/a.png", true)]
    [InlineData("**/drafts/*.png", "x/y/drafts/a.png", true)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("[a]", "[a]", true)]
    [InlineData("[a]", "a", false)]
    [InlineData("*", "line\nbreak", true)]
    public void IsMatch_Pattern_MatchesAsDescribed(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new GlobPattern(pattern).IsMatch(path));
}
