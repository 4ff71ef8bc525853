using MultiVecRetrieval.Libraries.Answers;

namespace MultiVecRetrieval.Tests.Libraries.Answers;

public sealed class CitationReaderTests
{
    private static readonly AnswerSource[] Sources =
    [
        NewSource(1, "The tide rises\ntwice a day, and the har-\nbour \u201Cfills\u201D by noon."),
        NewSource(2, "Nobody sails at night [12]."),
        NewSource(3, "The o\uFB03ce of the cafe\u0301 opens."),
    ];

    [Theory]
    [InlineData("It says \"the tide  rises twice A DAY\" [1].", true)]
    [InlineData("It says \"the tide rises once a day\" [1].", false)]
    [InlineData("It says \"the harbour 'fills'\" [1].", false)]
    [InlineData("It says \u201Cthe harbour\u201D [1].", true)]
    [InlineData("It says \"The tide ... by noon.\" [1].", true)]
    [InlineData("It says \"by noon ... the tide\" [1].", false)]
    [InlineData("It says \"Nobody sails at night.\" [2]", true)]
    [InlineData("According to [1], \"twice a day\" is the rule.", true)]
    [InlineData("\"The office of the caf\u00E9 opens\" [3].", true)]
    [InlineData("Nothing is quoted [1].", null)]
    [InlineData("\"Somebody else said this.\" Then came the tide [1].", null)]
    public void Read_Quotation_IsComparedWithItsSource(string text, bool? isVerbatim)
    {
        AnswerCitation citation = Assert.Single(CitationReader.Read(text, Sources));

        Assert.Equal(isVerbatim, citation.IsVerbatim);
    }

    [Fact]
    public void Read_SeveralCitations_HaveTheirPlacesAndQuotations()
    {
        string text = "It is \"twice a day\" [1][2]. Nobody sails [2].";

        IReadOnlyList<AnswerCitation> citations = CitationReader.Read(text, Sources);

        Assert.Equal([1, 2, 2], citations.Select(citation => citation.Source.Number));
        Assert.Equal([true, false, null], citations.Select(citation => citation.IsVerbatim));
        Assert.All(citations, citation => Assert.Equal($"[{citation.Source.Number}]", text.Substring(citation.Offset, citation.Length)));
    }

    private static AnswerSource NewSource(int number, string text) => new()
    {
        Number = number,
        Entry = new Entry { Key = "a.pdf#page=1", DocumentKey = "a.pdf", MediaType = MediaType.Page, Page = 1 },
        Document = new Document { Key = "a.pdf", MediaType = MediaType.Page, ContentType = "application/pdf", ContentHash = "" },
        Text = text,
        Score = 1,
    };
}
