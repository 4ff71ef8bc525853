using MultiVecRetrieval.Encoding.PageWords;

namespace MultiVecRetrieval.Tests.Encoding.Models;

public class LetterWordsTests
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    // Folds from Unicode's compatibility decompositions (UnicodeData.txt); ß and Cyrillic have none.
    [Theory]
    [InlineData("Hello, World", "hello world")]
    [InlineData("foo-bar_baz/qux", "foo bar baz qux")]
    [InlineData("Krasner's", "krasner s")]
    [InlineData("Café ÀÉÎÕÜ Ångström", "cafe aeiou angstrom")]
    [InlineData("cafe\u0301", "cafe")]
    [InlineData("ﬁnd ｗｉｄｅ x²", "find wide x2")]
    [InlineData("½", "1 2")]
    [InlineData("foo–bar", "foo bar")]
    [InlineData("straße", "strae")]
    [InlineData("a1b2", "a1b2")]
    [InlineData("\ud800abc", "abc")]
    [InlineData("  ", "")]
    public void Split_Text_GivesFoldedWords(string text, string expected)
    {
        LetterWords words = new(Alphabet, wordLength: 20);

        Assert.Equal(expected, string.Join(' ', words.Split(text, out _)));
    }

    [Fact]
    public void Split_PartsWithoutLetters_AreNamed()
    {
        new LetterWords(Alphabet, wordLength: 20).Split("ab -- привет c", out IReadOnlyList<string> unreadable);

        Assert.Equal(["--", "привет"], unreadable);
    }

    [Fact]
    public void Spell_Word_UsesTheAlphabetsOrderAndPadsWithZero()
    {
        long[] ids = new long[5];

        new LetterWords(Alphabet, wordLength: 5).Spell("az09", ids);

        Assert.Equal([1, 26, 27, 36, 0], ids);
    }
}
