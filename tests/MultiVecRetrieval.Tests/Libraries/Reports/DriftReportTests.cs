using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Reports;

public sealed class DriftReportTests : IDisposable
{
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private readonly SampleLibrary _sample = new();

    public void Dispose()
    {
        _sample.Dispose();
        _model.Dispose();
    }

    [Fact]
    public async Task MeasureDrift_Pictures_UnchangedOnesAreThemselvesAndOthersNearly()
    {
        for (int i = 0; i < 6; i++)
        {
            _sample.Write($"{i}.png", SampleLibrary.Png(SampleLibrary.Blocks(128, 96, seed: i)));
        }

        _sample.Index(request => request with { Models = [_model.Folder] });
        File.Delete(_sample.PathOf("5.png"));

        RecompressionReport report = await ReportAsync(new RecompressionRequest { SampleSize = 10 });

        Assert.Equal(5, report.PictureCount);
        Assert.Equal(["none", "JPEG 95", "JPEG 75", "JPEG 50", "JPEG 30", "half size"], report.Measurements.Select(one => one.Change));
        RecompressionMeasurement none = report.Measurements[0];
        Assert.Equal((5, 1.0, 1.0), (none.PictureCount, Math.Round(none.LeastSimilarity, 4), none.FirstShare));

        // Mean colours hardly move: each is far nearer to itself than to what is stored of the others.
        Assert.All(report.Measurements, one => Assert.InRange(one.LeastSimilarity, 0.95, 1.0001));
        Assert.All(report.Measurements,
            one => Assert.True(one.LeastSimilarity <= one.LowSimilarity && one.LowSimilarity <= one.MeanSimilarity));
        Assert.Contains("1 pictures were passed over", Assert.Single(report.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MeasureDrift_NoPictures_SaysSo()
    {
        _sample.WritePdf("a.pdf", "words");
        _sample.Index();

        RecompressionReport report = await ReportAsync();

        Assert.Empty(report.Measurements);
        Assert.Contains("no picture", Assert.Single(report.Notices), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReportAsync(new RecompressionRequest { SampleSize = 0 }));
    }

    private Task<RecompressionReport> ReportAsync(RecompressionRequest? request = null) =>
        _sample.Library.Reports.MeasureRecompressionAsync(
            SampleLibrary.Collection, request, cancellationToken: TestContext.Current.CancellationToken);
}
