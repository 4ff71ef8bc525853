using MultiVecRetrieval.Eval.KnownItems;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Eval;

public class KnownItemGeneratorTests
{
    private static readonly KnownItemOptions Options = new() { Count = 40, Seed = 3 };

    [Fact]
    public void Generate_Phrases_StandInOneLineOfTheirPageAndOnNoOtherPage()
    {
        List<PageText> pages = MakePages(60);

        KnownItem[] phrases = [.. new KnownItemGenerator(pages, Options).Generate().Where(item => item.Kind == KnownItemKind.Phrase)];

        Assert.Equal(20, phrases.Length);
        foreach (KnownItem phrase in phrases)
        {
            string[] words = phrase.Text.Split(' ');
            Assert.InRange(words.Length, 4, 6);
            Assert.Equal(phrase.EntryKeys, pages.Where(page => page.Lines.Any(line => HoldsInARow(line, words))).Select(page => page.Key));
            Assert.All(words, word => Assert.True(pages.Count(page => page.Words.Contains(word)) <= 0.15 * pages.Count));
        }
    }

    [Fact]
    public void Generate_WordsAndCodes_NameEveryPageThatHoldsThem()
    {
        List<PageText> pages = MakePages(60);

        KnownItem[] singles = [.. new KnownItemGenerator(pages, Options).Generate().Where(item => item.Kind != KnownItemKind.Phrase)];

        Assert.Equal(10, singles.Count(item => item.Kind == KnownItemKind.Word));
        Assert.Equal(10, singles.Count(item => item.Kind == KnownItemKind.Code));
        foreach (KnownItem item in singles)
        {
            Assert.Equal(pages.Where(page => page.Words.Contains(item.Text)).Select(page => page.Key).Order(StringComparer.Ordinal),
                item.EntryKeys);
            Assert.InRange(item.EntryKeys.Count, 1, 5);
            Assert.Equal(item.Kind == KnownItemKind.Code, item.Text.Any(char.IsAsciiDigit));
        }
    }

    [Fact]
    public void Generate_SameSeedOtherPageOrder_IsTheSame()
    {
        List<PageText> pages = MakePages(60);

        IReadOnlyList<KnownItem> first = new KnownItemGenerator(pages, Options).Generate();
        IReadOnlyList<KnownItem> second = new KnownItemGenerator([.. Enumerable.Reverse(pages)], Options).Generate();
        IReadOnlyList<KnownItem> other = new KnownItemGenerator(pages, Options with { Seed = 4 }).Generate();

        Assert.Equal(first.Select(item => (item.Id, item.Text)), second.Select(item => (item.Id, item.Text)));
        Assert.NotEqual(first.Select(item => item.Text), other.Select(item => item.Text));
    }

    [Fact]
    public void Generate_PagesThatRepeatEachOther_YieldsNoPhrase()
    {
        PageText[] pages =
            [.. Enumerable.Range(0, 40).Select(i => new PageText($"p{i:00}", [["lorem", "ipsum", "dolor", "amet", "elit"]]))];

        Assert.Empty(new KnownItemGenerator(pages, Options with { MaxDocumentFrequency = 1 }).Generate());
    }

    [Fact]
    public void Generate_OptionsOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KnownItemGenerator([], Options with { Count = 3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KnownItemGenerator([], Options with { MaxDocumentFrequency = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KnownItemGenerator([], Options with { MaxPages = 0 }));
    }

    [Fact]
    public void From_WordsOnTwoLines_SeparatesThemByTheirBoxes()
    {
        TextLayer text =
            new("Café foo-bar\nnext LINE",
            [Word(0, 4, 0.1f, 0.10f), Word(5, 7, 0.3f, 0.11f), Word(13, 4, 0.1f, 0.14f), Word(18, 4, 0.2f, 0.14f)]);

        PageText page = PageText.From("k", text);

        Assert.Equal([["cafe", "foo", "bar"], ["next", "line"]], page.Lines);

        static TextWord Word(int offset, int length, float left, float top)
            => new(offset, length, new Place(left, top, left + 0.08f, top + 0.02f));
    }

    [Fact]
    public void Split_LigaturesMarksAndSymbols_FoldToPlainWords()
    {
        Assert.Equal(["final", "a1", "resume", "x2"], PageText.Split("ﬁnal A1, Résumé→x²"));
    }

    private static bool HoldsInARow(IReadOnlyList<string> line, string[] words)
    {
        // The generator strikes out the filler words, which every page holds.
        List<string> telling = [.. line.Where(word => !word.StartsWith("filler", StringComparison.Ordinal))];
        return Enumerable.Range(0, Math.Max(0, telling.Count - words.Length + 1))
            .Any(i => telling.Skip(i).Take(words.Length).SequenceEqual(words));
    }

    private static List<PageText> MakePages(int count)
    {
        Random random = new(Seed: 11);
        List<PageText> pages = [];
        for (int i = 0; i < count; i++)
        {
            List<IReadOnlyList<string>> lines = [];
            for (int j = 0; j < 6; j++)
            {
                List<string> line = [];
                for (int k = 0; k < 7; k++)
                {
                    line.Add(k == 3
                        ? "filler"
                        : k == 5 ? $"x{random.Next(100, 900)}" : $"word{(char)('a' + random.Next(26))}{(char)('a' + random.Next(26))}");
                }

                lines.Add(line);
            }
            pages.Add(new PageText($"doc.pdf#page={i + 1}", lines));
        }
        return pages;
    }
}
