using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Numerics.Quantization;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>A wrong spec leaves the tiers of a space as they are.</summary>
public class TierSpecTests
{
    public static TheoryData<string> Wrong =>
        ["", "nothing", "/int8", "hnsw:1", "hnsw:16x8", "hnsw:x", "hnsw:8x8x8", "ward:2/hnsw:129", "ward:0/hnsw:8", "hnsw:8,nodes=bits3",
            "hnsw:8,nodes=bits1,nodes=bits2", "hnsw:nodes=", "hnsw:8,", "hnsw:nodes=bits1,8",
         "fde", "residual:2", "fde/hnsw", "ward:8/lemur/hnsw", "lemur/ward:8/hnsw", "lemur/tokens", "lemur:0/hnsw",
             "int8/hnsw", "saliency:2/hnsw:8", "ward:0/int8",
         .. CodecSpecTests.Wrong.Select(row => row.Data.Item2)];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void SetTiers_OneSpecIsWrong_ThrowsAndKeepsTheTiersThatWork(string spec)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, TierSamples.Options());
        TierSamples.Fill(collection, 1);
        collection.Tiers.Set("words", ["float16"]);
        collection.Upkeep.Run();

        SpecException error = Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["int8", spec]));

        Assert.Equal(spec, error.Spec);
        Assert.Contains($"'{spec}'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", error.Message, StringComparison.Ordinal);
        Assert.Equal(("float16", true),
            (Assert.Single(collection.Tiers.Get("words")).Spec, collection.Tiers.Get("words")[0].Calibration is not null));
    }

    [Fact]
    public void Check_Unknown_ListsEveryKind()
    {
        SpecException error = Assert.Throws<SpecException>(() => TierKind.Check("nothing:7", 8));

        Assert.All(TierKind.All, kind => Assert.Contains(kind.Name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Maintain_TooFewRows_SaysSoWithoutNamesOfTheCode()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, TierSamples.Options());
        TierSamples.Fill(collection, 1);
        collection.Tiers.Set("words", ["codes:60000"]);

        collection.Upkeep.Run();

        string problem = Assert.Single(collection.Tiers.Get("words")).Problem!;
        Assert.Contains("at least 60000 rows", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", problem, StringComparison.Ordinal);
    }
}
