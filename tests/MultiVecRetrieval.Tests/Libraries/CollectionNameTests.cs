
namespace MultiVecRetrieval.Tests.Libraries;

public class CollectionNameTests
{
    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("../a")]
    [InlineData("a\\b")]
    [InlineData("a\0")]
    [InlineData("ä")]
    [InlineData("a b")]
    public void CollectionExists_NameThatIsNoFolderName_Throws(string name)
    {
        using Library library = new();

        Assert.Throws<ArgumentException>(() => library.CollectionExists(name));
        Assert.Throws<ArgumentException>(() => library.GetCollection(name));
    }
}
