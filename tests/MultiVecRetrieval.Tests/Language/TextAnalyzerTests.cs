using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Tests.Language;

public sealed class TextAnalyzerTests
{
    [Theory]
    [InlineData("Ithaka \u0399\u03B8\u03AC\u03BA\u03B7", "ithaka \u03B9\u03B8\u03B1\u03BA\u03B7")]
    [InlineData("\u0419\u043E\u0433\u0443\u0440\u0442 \u0435\u0449\u0451", "\u0438\u043E\u0433\u0443\u0440\u0442 \u0435\u0449\u0435")]
    [InlineData("\uFF29\uFF4E\uFF56\uFF4F\uFF49\uFF43\uFF45 \uFF21\uFF22\uFF11\uFF12", "invoice ab12")]
    [InlineData("Hauptstra\u00DFe \uFB01nal", "hauptstrasse final")]
    [InlineData("photo\u00ADsynthesis", "photosynthesis")]
    [InlineData("l'eau, don't, the camera's", "l eau dont the camera")]
    [InlineData("read_file e-mail 3.5", "read file e mail 3 5")]
    [InlineData("\u05D7\u05B7\u05E9\u05D1\u05D5\u05E0\u05D9\u05EA", "\u05D7\u05E9\u05D1\u05D5\u05E0\u05D9\u05EA")]
    public void Analyze_Words_AreFolded(string text, string surfaces) =>
        Assert.Equal(surfaces, TextAnalyzer.Analyze(text, language: null).JoinSurfaces());

    [Fact]
    public void Analyze_WritingWithoutSpaces_GivesPairsAndTheLastCharacter() =>
        Assert.Equal(
            "\u4ED8\u6B3E \u6B3E\u6761 \u6761\u6B3E \u6B3E abc",
            TextAnalyzer.Analyze("\u4ED8\u6B3E\u6761\u6B3Eabc", language: null).JoinSurfaces());

    [Fact]
    public void Analyze_WordBrokenAtALineEnd_IsThereInPartsAndWhole()
    {
        AnalyzedText text = TextAnalyzer.Analyze("an environ-\nmental well-known rule", language: null);

        Assert.Equal("an environ mental well known rule environmental", text.JoinSurfaces());
        TextToken whole = text.Tokens.Single(token => token.IsRepeat);
        Assert.Equal("environ-\nmental", "an environ-\nmental well-known rule".Substring(whole.Offset, whole.Length));
    }

    [Theory]
    [InlineData("the ships were counted by the master of the harbour", "english", "ship")]
    [InlineData("die Schiffe wurden von dem Meister des Hafens in der Stadt gezählt", "german", "schiff")]
    [InlineData("les navires ont été comptés par le maître du port dans la ville", "french", "navir")]
    public void Analyze_Prose_IsStemmedByItsLanguage(string text, string language, string stem)
    {
        AnalyzedText analyzed = TextAnalyzer.Analyze(text);

        Assert.Equal(language, analyzed.Language?.Name);
        Assert.Contains(analyzed.Language!.Mark(stem), analyzed.JoinStems().Split(' '));
    }

    // Source: Snowball's vocabulary of the English (Porter2) stemmer.
    [Theory]
    [InlineData("consignment", "consign")]
    [InlineData("knightly", "knight")]
    [InlineData("generously", "generous")]
    public void Stemmer_English_GivesThePublishedStems(string word, string stem) =>
        Assert.Equal(stem, TextLanguage.English.Stem(word));

    [Fact]
    public void Tokens_OfAnyText_LieWithinItInOrder()
    {
        Random random = new(Seed: 5);
        const string Alphabet = "ab c-\n'\u2019\u00AD\u00E9\u00DF\u4E2D\u6587\uAC00\u0E01\u0E34\u0301\ud83d\ude00\ud800 1_";
        for (int i = 0; i < 2000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(24)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            int last = 0;
            foreach (TextToken token in TextAnalyzer.Analyze(text).Tokens)
            {
                Assert.InRange(token.Offset, 0, text.Length);
                Assert.InRange(token.Offset + token.Length, token.Offset + 1, text.Length);
                Assert.NotEmpty(token.Surface);
                Assert.True(token.IsRepeat || token.Offset >= last, text);
                last = token.IsRepeat ? last : token.Offset;
            }
        }
    }
}
