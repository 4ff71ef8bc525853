using System.Text;
using System.Text.Json;
using MultiVecRetrieval.Encoding.Tokenizers;
using MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

namespace MultiVecRetrieval.Tests.Encoding.Tokenizers;

public class PreTokenizerTests
{
    [Theory] // The example of the tokenizers documentation, "the-final--countdown" split on "-".
    [InlineData("Removed", "the|final|countdown")]
    [InlineData("Isolated", "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", "the|-final|-|-countdown")]
    [InlineData("Contiguous", "the|-|final|--|countdown")]
    public void Split_EachBehavior_FollowsTheDocumentation(string behavior, string words) =>
        Assert.Equal(words, Split($$"""{"type": "Split", "pattern": {"String": "-"}, "behavior": "{{behavior}}", "invert": false}""", "the-final--countdown"));

    [Theory]
    [InlineData("""{"type": "Whitespace"}""", "Hey you!? ½ 𝒜b", "Hey|you|!?|½|𝒜b")]
    [InlineData("""{"type": "BertPreTokenizer"}""", "it's $5", "it|'|s|$|5")]
    [InlineData("""{"type": "Digits", "individual_digits": true}""", "a12b", "a|1|2|b")]
    [InlineData("""{"type": "Digits"}""", "a12b", "a|12|b")]
    [InlineData("""{"type": "Metaspace", "prepend_scheme": "never"}""", "a b", "a|▁b")]
    [InlineData("""{"type": "Metaspace"}""", "a b", "▁a|▁b")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true}""", "é don't", "ĠÃ©|Ġdon|'t")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "\\p{L}+"}, "behavior": "Isolated"}""", "x𝒜𐐀1😀", "x𝒜𐐀|1😀")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}"}, "behavior": "Isolated"}""", " ab1234", " ab|123|4")]
    public void Split_EachKind_GivesItsWords(string json, string text, string words) => Assert.Equal(words, Split(json, text));

    [Theory]
    [InlineData("[a&&b]")]
    [InlineData("[[:alpha:]]")]
    [InlineData("\\h")]
    [InlineData("😀")]
    public void RegexPattern_UnsupportedSyntax_ThrowsFormatException(string pattern) =>
        Assert.Throws<FormatException>(() => new RegexPattern(pattern));

    [Fact]
    public void ByteAlphabet_AnyText_RoundTripsOneCharacterAByte()
    {
        Random random = new(Seed: 3);
        for (int round = 0; round < 200; round++)
        {
            string text =
                string.Concat(Enumerable.Range(0, 10).Select(_ => random.Next(0x110000)).Where(Rune.IsValid)
                .Select(point => new Rune(point).ToString()));

            string encoded = ByteAlphabet.Encode(text);

            Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(text), encoded.Length);
            Assert.Equal(text, ByteAlphabet.TryDecode(encoded));
            Assert.DoesNotContain(encoded, char.IsWhiteSpace);
        }
    }

    private static string Split(string json, string text)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return string.Join('|',
            PreTokenizerJson.Read(document.RootElement)!.Split(new TextPiece(text, IsAtStart: true)).Select(piece => piece.Text));
    }
}
