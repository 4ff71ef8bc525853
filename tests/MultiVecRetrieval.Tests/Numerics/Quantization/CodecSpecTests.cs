using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

/// <summary>A wrong spec is refused before anything is trained, in words that say what is accepted.</summary>
public class CodecSpecTests
{
    private const int Dimension = 48;

    /// <summary>Per family a spec that is wrong, and what its message has to say beside the spec.</summary>
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "float32", "float32:1", "takes no argument" },
        { "float16", "float16:half", "takes no argument" },
        { "int8", "int8:8", "takes no argument" },
        { "bebr", "bebr:5", "from 1 to 4" },
        { "bebr", "bebr", "nothing was given" },
        { "bebr", "bebr:2", "'mvr binarizer train'" },
        { "reduction/codec", "ward:2/bits:99", "bits:N takes N from 1 to 8" },
        { "reduction/codec", "ward:2/", "one '/'" },
        { "reduction/codec", "ward:2/grid:2/int8", "one '/'" },
        { "reduction/codec", "saliency:2/int8", "attention of the encoder" },
        { "pq", "pq:49x8", "M from 1 to 48" },
        { "pq", "pq:16x5", "B = 4 or 8" },
        { "bits", "bits:99", "from 1 to 8" },
        { "bits", "bits:", "nothing was given" },
        { "bits", "bits:2-sideways", "-symmetric or -hamming" },
        { "bits", "bits:2-hamming-symmetric", "-symmetric or -hamming" },
        { "codes", "codes:1", "from 2 to 65536" },
        { "codes", "codes:16-cosines", "K-hamming" },
        { "codeset", "codeset:16x16", "from 2 to 65536" },
        { "lemur", "lemur:4097", "from 1 to 4096" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_WrongArgument_SaysWhatIsAccepted(string family, string text, string expected)
    {
        CodecSpec spec = CodecSpec.Parse(text);
        CodecFamily found = Codecs.FindFamily(spec);

        SpecException error = Assert.Throws<SpecException>(() => found.Check(spec, Dimension));

        Assert.Equal(family, found.Name);
        Assert.Contains(text.Split('/')[^1].Split(':')[0], error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Train_WhatCheckRefuses_ThrowsTheSame(string family, string text, string expected)
    {
        SpecException error = Assert.Throws<SpecException>(() => CodecSamples.Train(text, Dimension));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(family, Codecs.FindFamily(CodecSpec.Parse(text)).Name);
    }

    [Fact]
    public void Wrong_HasACaseOfEveryFamily() =>
        Assert.Equal(Codecs.Families.Select(family => family.Name).Order(StringComparer.Ordinal),
            Wrong.Select(row => row.Data.Item1).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(CodecContractTests.Specs), MemberType = typeof(CodecContractTests))]
    public void Check_WhatCanBeTrained_Passes(string text)
    {
        CodecSpec spec = CodecSpec.Parse(text);

        Codecs.FindFamily(spec).Check(spec, Dimension);
    }

    [Theory]
    [InlineData("bits:2", 4097)]
    public void Check_RowsTooLong_NamesBothLengths(string text, int dimension)
    {
        CodecSpec spec = CodecSpec.Parse(text);

        SpecException error = Assert.Throws<SpecException>(() => Codecs.FindFamily(spec).Check(spec, dimension));

        Assert.Contains($"{dimension - 1}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{dimension}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WrongReduction_SaysWhatIsAccepted()
    {
        CodecSpec spec = CodecSpec.Parse("ward:0/int8");

        SpecException error = Assert.Throws<SpecException>(() => Codecs.FindFamily(spec).Check(spec, Dimension));

        Assert.Contains("'0' is no number from 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindFamily_Unknown_ListsTheNames()
    {
        SpecException error = Assert.Throws<SpecException>(() => Codecs.FindFamily(new CodecSpec("nothing", "7")));

        Assert.All(Codecs.Families, family => Assert.Contains(family.Name, error.Message, StringComparison.Ordinal));
        Assert.Equal("nothing:7", error.Spec);
    }
}
