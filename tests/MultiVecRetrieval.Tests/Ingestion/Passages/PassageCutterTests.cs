using MultiVecRetrieval.Ingestion.Passages;

namespace MultiVecRetrieval.Tests.Ingestion.Passages;

public sealed class PassageCutterTests
{
    private const string Ten = "one two three four five six seven eight nine ten";

    private readonly PassageCutter _cutter = new(static _ => 1, maxTokens: 40);

    [Fact]
    public void Cut_Heading_BeginsAPassage()
    {
        DrawnPage page = new DrawnPage()
            .Line("Chapter Harbours", 0.1, 0.2, height: 0.02)
            .Line(Ten, 0.1, 0.24, newBlock: true).Line(Ten, 0.1, 0.255)
            .Line("Chapter Lighthouses", 0.1, 0.35, height: 0.02, newBlock: true)
            .Line(Ten, 0.1, 0.39, newBlock: true).Line(Ten, 0.1, 0.405).Line(Ten, 0.1, 0.42);
        TextLayer text = page.Build();

        IReadOnlyList<Passage> passages = _cutter.Cut(text, DocumentLayout.Of([text]));

        Assert.Equal(2, passages.Count);
        Assert.StartsWith("Chapter Harbours one two", passages[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("Chapter Lighthouses one", passages[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_LongParagraph_GivesWindowsThatOverlapAndLoseNothing()
    {
        string[] words = [.. Enumerable.Range(0, 200).Select(i => $"w{i}")];
        DrawnPage page = new();
        for (int i = 0; i < 20; i++)
        {
            page.Line(string.Join(' ', words.Skip(10 * i).Take(10)), 0.1, 0.2 + (0.013 * i));
        }

        IReadOnlyList<Passage> passages = _cutter.Cut(page.Build(), DocumentLayout.Unknown);

        Assert.All(passages, passage => Assert.InRange(passage.Text.Split(' ').Length, 1, 48));
        Assert.Equal(words, passages.SelectMany(passage => passage.Text.Split(' ')).Distinct());
        Assert.All(passages.Zip(passages.Skip(1)), pair => Assert.Contains(pair.Second.Text.Split(' ')[0], pair.First.Text.Split(' ')));
    }

    // Two columns: sentences stay in their own column, and a passage has its boxes there.
    [Fact]
    public void Cut_TwoColumns_DoesNotReadAcross()
    {
        DrawnPage page = new();
        for (int i = 0; i < 8; i++)
        {
            page.Line($"left{i} words that run down", 0.08, 0.2 + (0.014 * i));
        }

        for (int i = 0; i < 8; i++)
        {
            page.Line($"right{i} words that run down", 0.54, 0.2 + (0.014 * i), newBlock: i == 0);
        }

        IReadOnlyList<Passage> passages = _cutter.Cut(page.Build(), DocumentLayout.Unknown);

        string all = string.Join(' ', passages.Select(passage => passage.Text));
        Assert.Contains("left0 words that run down left1", all, StringComparison.Ordinal);
        Assert.DoesNotContain("down right0 words that run down left1", all, StringComparison.Ordinal);
        Assert.All(passages.SelectMany(passage => passage.Places), place => Assert.True(place.Right < 0.53 || place.Left > 0.5));
    }

    [Fact]
    public void Cut_RowsOfATable_AreReadAsRows()
    {
        DrawnPage page = new DrawnPage()
            .Line("name", 0.1, 0.2).Line("harbour", 0.1, 0.22).Line("pier", 0.1, 0.24)
            .Line("price", 0.5, 0.2, newBlock: true).Line("12", 0.5, 0.22).Line("7", 0.5, 0.24);

        Assert.Equal("name price harbour 12 pier 7", Assert.Single(_cutter.Cut(page.Build(), DocumentLayout.Unknown)).Text);
    }

    [Fact]
    public void Cut_ContentsPage_GivesNothing()
    {
        DrawnPage page = new();
        for (int i = 0; i < 12; i++)
        {
            page.Line($"Section about things . . . . . . {10 + i}", 0.1, 0.2 + (0.02 * i));
        }

        Assert.Empty(_cutter.Cut(page.Build(), DocumentLayout.Unknown));
    }

    [Fact]
    public void Cut_RunningHeadsAndPageNumbers_AreLeftOut()
    {
        TextLayer[] pages =
        [
            .. Enumerable.Range(1, 3).Select(number => new DrawnPage()
                .Line($"Manual of harbours {number}", 0.1, 0.04)
                .Line($"body of page {number} {Ten}", 0.1, 0.3, newBlock: true)
                .Line($"{number}", 0.5, 0.96, newBlock: true)
                .Build()),
        ];

        Assert.Equal($"body of page 2 {Ten}", Assert.Single(_cutter.Cut(pages[1], DocumentLayout.Of(pages))).Text);
    }

    [Theory]
    [InlineData("environ-", "mental", "environmental")]
    [InlineData("well-", "known", "well-known")]
    [InlineData("photo\u00AD", "synthesis", "photosynthesis")]
    public void Cut_WordBrokenAtALineEnd_IsWholeWhereTheDocumentKnowsIt(string first, string second, string whole)
    {
        TextLayer text = new DrawnPage().Line($"a rule {first}", 0.1, 0.2).Line($"{second} to all", 0.1, 0.214).Build();
        TextLayer other = new DrawnPage().Line("environmental matters", 0.1, 0.2).Build();

        Assert.Equal($"a rule {whole} to all", Assert.Single(_cutter.Cut(text, DocumentLayout.Of([text, other]))).Text);
    }

    [Fact]
    public void Cut_WritingWithoutSpaces_IsCutToSize()
    {
        PassageCutter cutter = new(static word => word.Length, maxTokens: 40);
        string run = new('\u4E2D', 200);

        IReadOnlyList<Passage> passages = cutter.Cut(new DrawnPage().Line(run, 0, 0.2).Build(), DocumentLayout.Unknown);

        Assert.All(passages, passage => Assert.InRange(passage.Text.Length, 1, 60));
        Assert.True(passages.Sum(passage => passage.Text.Count(c => c == '\u4E2D')) >= 200);
    }

    [Fact]
    public void Places_OfAPassage_CoverItsWordsWithinThePage()
    {
        Random random = new(Seed: 9);
        for (int round = 0; round < 100; round++)
        {
            DrawnPage page = new();
            for (int i = 0; i < 20; i++)
            {
                page.Line(
                    Ten[..random.Next(3, Ten.Length)].Trim(), random.NextDouble() * 0.5, 0.1 + (0.04 * i), newBlock: random.Next(2) == 0);
            }

            foreach (Passage passage in _cutter.Cut(page.Build(), DocumentLayout.Unknown))
            {
                Assert.NotEmpty(passage.Places);
                Assert.All(passage.Places, place => Assert.True(place.Left <= place.Right && place.Top <= place.Bottom));
            }
        }
    }
}
