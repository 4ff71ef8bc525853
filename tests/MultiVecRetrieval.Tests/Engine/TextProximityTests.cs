using MultiVecRetrieval.Search;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Values are worked out by hand from the definition: neighbours give weight / distance², gathered g counts
/// min(1, weight) * 2.2 g / (g + 1.2).</summary>
public sealed class TextProximityTests
{
    [Theory]
    [InlineData("harbour master", 2, 3, 2.9464)]
    [InlineData("master harbour", 2, 3, 2.9464)]
    [InlineData("harbour old master", 2, 3, 1.4932)]
    [InlineData("harbour master", 0.5, 3, 1.4328)]
    [InlineData("harbour harbour harbour", 2, 3, 0)]
    [InlineData("master", 2, 3, 0)]
    [InlineData("", 2, 3, 0)]
    public void Score_IsThatOfTheDefinition(string words, double harbour, double master, double expected) =>
        Assert.Equal(expected, TextProximity.Score(
            words, [Word("harbour"), Word("master")], clause => clause.Label == "harbour" ? harbour : master), 4);

    [Fact]
    public void Score_OfARepeatedWord_CountsTheNeighbourNearby()
    {
        double near = TextProximity.Score("harbour x x harbour master", [Word("harbour"), Word("master")], _ => 2);
        double single = TextProximity.Score("x x x harbour master", [Word("harbour"), Word("master")], _ => 2);

        Assert.Equal(single, near, 10);
    }

    private static TextClause Word(string word) => new() { Label = word, Surfaces = [word] };
}
