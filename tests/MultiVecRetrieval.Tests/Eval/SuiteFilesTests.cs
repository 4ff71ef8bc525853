using MultiVecRetrieval.Eval.KnownItems;
using MultiVecRetrieval.Eval.Pages;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Tests.Eval;

public class SuiteFilesTests
{
    [Theory]
    [InlineData("R-intro.pdf#page=3", "R-intro/0003.png")]
    [InlineData("live-manual.landscape.en.letter.pdf#page=31", "live-manual.landscape.en.letter/0031.png")]
    public void PictureKeyOf_PageKey_IsTheRenderedFile(string pageKey, string expected)
    {
        Assert.Equal(expected, SuiteFiles.PictureKeyOf(pageKey));
    }

    [Fact]
    public void All_FileNames_AreDistinctPdfs()
    {
        Assert.Equal(SuiteDocument.All.Count, SuiteDocument.All.Select(document => document.FileName).Distinct().Count());
        Assert.All(SuiteDocument.All, document => Assert.EndsWith(".pdf", document.FileName, StringComparison.Ordinal));
    }

    [Fact]
    public void ToMarkdown_TwoRuns_HasARowForEachRunAndKind()
    {
        KnownItem[] items = [new("word-001", KnownItemKind.Word, "alpha", ["a"]), new("code-001", KnownItemKind.Code, "x12", ["b"])];
        Judgements judgements = KnownItemFiles.ToJudgements(items);
        RankedRun good = new();
        good.Add("word-001", "a", 1);
        good.Add("code-001", "b", 1);
        RankedRun half = new();
        half.Add("word-001", "a", 1);

        string[] rows = new SuiteReport(items, [new SuiteRun("good", good, judgements, 1.25), new SuiteRun("half", half, judgements, 0)])
            .ToMarkdown().Split('\n', StringSplitOptions.TrimEntries);

        Assert.Equal(2 + 3 * 2, rows.Length);
        Assert.StartsWith("| all (2) | good | 1.000 [1.000, 1.000] |", rows[2], StringComparison.Ordinal);
        Assert.StartsWith("| all (2) | half | 0.500 [0.000, 1.000] |", rows[3], StringComparison.Ordinal);
        Assert.StartsWith("| code (1) | half | 0.000 [0.000, 0.000] |", rows[^1], StringComparison.Ordinal);
    }
}
