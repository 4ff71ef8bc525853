using System.Text;
using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Tests.Language;

public class UnicodeNormalizerTests
{
    [Theory] // Rows in the manner of Unicode's NormalizationTest.txt: source, NFC, NFD, NFKC, NFKD.
    [InlineData("plain", "plain", "plain", "plain", "plain")]
    [InlineData("\u1E0A\u0323", "\u1E0C\u0307", "D\u0323\u0307", "\u1E0C\u0307", "D\u0323\u0307")]
    [InlineData("\u212B", "\u00C5", "A\u030A", "\u00C5", "A\u030A")]
    [InlineData("ﬁ①½", "ﬁ①½", "ﬁ①½", "fi11⁄2", "fi11⁄2")]
    [InlineData("\u1112\u1161\u11AB", "한", "\u1112\u1161\u11AB", "한", "\u1112\u1161\u11AB")]
    [InlineData("가\u11A8", "각", "\u1100\u1161\u11A8", "각", "\u1100\u1161\u11A8")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\U0001109A", "\U0001109A", "\U00011099\U000110BA", "\U0001109A", "\U00011099\U000110BA")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    [InlineData("𝒜\uFF41", "𝒜\uFF41", "𝒜\uFF41", "Aa", "Aa")]
    [InlineData("a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b", "a\u05AE\u0300\u0300\u0315b", "\u00E0\u05AE\u0300\u0315b",
        "a\u05AE\u0300\u0300\u0315b")]
    public void Normalize_KnownRow_GivesAllFourForms(string source, string c, string d, string kc, string kd)
    {
        Assert.Equal(c, new UnicodeNormalizer(NormalizationForm.FormC).Normalize(source));
        Assert.Equal(d, new UnicodeNormalizer(NormalizationForm.FormD).Normalize(source));
        Assert.Equal(kc, new UnicodeNormalizer(NormalizationForm.FormKC).Normalize(source));
        Assert.Equal(kd, new UnicodeNormalizer(NormalizationForm.FormKD).Normalize(source));
    }

    [Fact]
    public void Normalize_EveryCharacter_ObeysTheInvariantsOfTheForms()
    {
        UnicodeNormalizer c = new(NormalizationForm.FormC), d = new(NormalizationForm.FormD);
        UnicodeNormalizer kc = new(NormalizationForm.FormKC), kd = new(NormalizationForm.FormKD);
        for (int point = 1; point < 0x30000; point++)
        {
            if (!Rune.IsValid(point))
            {
                continue;
            }

            string text = new Rune(point).ToString();
            string decomposed = d.Normalize(text);
            string compatible = kd.Normalize(text);
            if (decomposed == text && compatible == text)
            {
                continue;
            }

            // Unicode Standard Annex 15: D(C(x)) = D(x), C(D(x)) = C(x), and the same for the compatible forms; each form is stable.
            Assert.Equal(decomposed, d.Normalize(c.Normalize(text)));
            Assert.Equal(c.Normalize(text), c.Normalize(decomposed));
            Assert.Equal(compatible, kd.Normalize(kc.Normalize(text)));
            Assert.Equal(kc.Normalize(text), kc.Normalize(compatible));
            Assert.Equal(compatible, kd.Normalize(compatible));
        }
    }
}
