using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Benchmarks;

public sealed class GeneratorsTests
{
    [Fact]
    public void Pages_OfADimension_HaveTheStructureTheyClaim()
    {
        PageStatistics statistics = PageStatistics.Measure(new PageVectors(seed: 1), pageCount: 60);

        // The bands lie around what 300 pages of seed 1 measure; sixty pages, four documents, differ from that.
        Assert.InRange(statistics.CodesPerPage.Median, 70, 120);
        Assert.InRange(statistics.CodesPerPage.Low, 40, statistics.CodesPerPage.Median);
        Assert.InRange(statistics.CodesPerPage.High, statistics.CodesPerPage.Median, 150);
        Assert.InRange(statistics.NeighbourCosine, 0.80, 0.92);
        Assert.InRange(statistics.PageCosine, 0.45, 0.65);
        Assert.InRange(statistics.OtherCosine, 0.30, 0.45);
        Assert.InRange(statistics.MeanNorm, 0.53, 0.70);
        Assert.InRange(statistics.QueryMeanCosine, 0.65, 0.85);
        Assert.InRange(statistics.Exponent, 1.1, 1.6);
        Assert.InRange(statistics.LargestShares.One, 0.15, 0.40);
        Assert.InRange(statistics.LargestShares.Many, 0.78, 0.92);
        Assert.InRange(statistics.BestCosine, 0.70, 0.82);
        Assert.Equal(1, statistics.FoundShare);
    }

    [Fact]
    public void Pictures_OfADimension_HaveTheStructureTheyClaim()
    {
        PictureStatistics statistics = PictureStatistics.Measure(new PictureVectors(seed: 1), pictureCount: 4000);

        Assert.InRange(statistics.MeanNorm, 0.65, 0.75);
        Assert.InRange(statistics.TextMeanNorm, 0.70, 0.80);
        Assert.InRange(statistics.MeansCosine, 0.2, 0.35);
        Assert.InRange(statistics.PairCosine, 0.38, 0.50);
        Assert.InRange(statistics.OtherCosine, 0.10, 0.20);
        Assert.InRange(statistics.PicturePairCosine, 0.87, 0.94);
        Assert.InRange(statistics.PictureCosine, 0.45, 0.55);
        Assert.InRange(statistics.Exponent, 0.7, 1.1);
        Assert.InRange(statistics.LargestShares.One, 0.08, 0.16);
        Assert.InRange(statistics.LargestShares.Many, 0.48, 0.65);
        Assert.InRange(statistics.TextFoundShare, 0.9, 1);
        Assert.InRange(statistics.PictureFoundShare, 0.97, 1);
    }

    [Fact]
    public void Pages_MadeInAnyOrder_AreTheSameUnitRows()
    {
        PageVectors vectors = new(seed: 7, dimension: 32);
        MultiVector fifth = vectors.GetPage(5);
        PageVectors again = new(seed: 7, dimension: 32);
        again.GetPage(4);

        Assert.Equal(fifth.Values, again.GetPage(5).Values);
        Assert.Equal(vectors.GetQuery(3, page: 5).Values, again.GetQuery(3, page: 5).Values);
        Assert.False(fifth.Values.SequenceEqual(vectors.GetPage(6).Values));
        Assert.False(fifth.Values.SequenceEqual(new PageVectors(seed: 8, dimension: 32).GetPage(5).Values));
        Assert.Equal(1030, fifth.RowCount);
        for (int i = 0; i < fifth.RowCount; i++)
        {
            Assert.Equal(1, System.Numerics.Tensors.TensorPrimitives.Norm(fifth.Row(i)), tolerance: 1e-5);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(38)]
    [InlineData(521)]
    public void Pages_OfOtherSizes_HavePlacesWithinThePage(int rowCount)
    {
        MultiVector page = new PageVectors(seed: 1, dimension: 16).GetPage(0, rowCount);

        Assert.Equal(rowCount, page.RowCount);
        Assert.All(page.Places.ToArray(), place => Assert.True(place is { Left: >= 0, Top: >= 0, Right: <= 1, Bottom: <= 1 }));
        Assert.Equal(rowCount - PageVectors.PromptRowCount,
            page.Places.ToArray().Distinct().Count(place => rowCount == 7 || place != Place.Whole));
    }

    // The figures of benchmarks compare over machines and instruction sets, so the rows must.
    [Fact]
    public void Rows_OnAnyMachine_AreTheseToTheBit()
    {
        float[] picture = new float[64];
        float[] text = new float[64];
        PictureVectors pictures = new(seed: 1, dimension: 64);
        pictures.FillPicture(11, picture);
        pictures.FillTextQuery(2, picture: 11, text);
        PageVectors pages = new(seed: 1, dimension: 20);

        Assert.Equal("C48A63BEC5E8325D", Fingerprint([.. pages.GetPage(3).Values, .. pages.GetQuery(1, page: 3).Values]));
        Assert.Equal("545EBCD8D797732F", Fingerprint([.. picture, .. text]));
    }

    private static string Fingerprint(float[] values) =>
        Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values)))[..16];
}
