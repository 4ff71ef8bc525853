using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Reports;

/// <summary>Pictures of plain colours with texts beside them that name the colour; of two the texts are exchanged.</summary>
public sealed class AlignmentReportTests : IDisposable
{
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private readonly SampleLibrary _sample = new();

    public void Dispose()
    {
        _sample.Dispose();
        _model.Dispose();
    }

    [Fact]
    public async Task CompareCaptions_TwoExchanged_ComeFirstWithTheCaptionThatFits()
    {
        Write("a", "red", 0, 255, 0);
        Write("b", "green", 255, 0, 0);
        foreach ((string word, byte red, byte green, byte blue) in PlantedEncoder.Colors)
        {
            for (int i = 0; i < 3; i++)
            {
                Write($"{word}{i}", $"a photo of {word}", red, green, blue, width: 40 + i);
            }
        }

        _sample.WriteColour("without.png", 1, 2, 3);
        _sample.Index(request => request with { Models = [_model.Folder] });

        AlignmentReport report = await ReportAsync(new AlignmentRequest { Limit = 3 });

        Assert.Equal((20, 1), (report.PictureCount, report.WithoutCaptionCount));
        Assert.Equal(["a.png", "b.png"], report.Worst.Take(2).Select(fit => fit.Key).Order(StringComparer.Ordinal));
        CaptionFit exchanged = report.Worst.First(fit => fit.Key == "a.png");
        Assert.Equal(("red", "description"), (exchanged.Caption, exchanged.Field));

        // Red is as far from green as from blue and farther from nothing but cyan: no picture fits it less than this one.
        Assert.InRange(exchanged.Percentile, 0, 0.35);
        Assert.Contains("green", exchanged.Better!.Caption, StringComparison.Ordinal);
        Assert.True(report.Worst[2].Percentile > 0.8);
        Assert.InRange(report.MeanPercentile!.Value, 0.85, 1);
        Assert.Contains(report.Notices, notice => notice.Contains("with probability", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CompareCaptions_TooFewOrNoModel_SaysSo()
    {
        Write("a", "red", 255, 0, 0);
        _sample.Index();
        AlignmentReport few = await ReportAsync();
        for (int i = 0; i < 12; i++)
        {
            Write($"p{i}", $"caption {i}", (byte)(20 * i), 0, 0);
        }

        _sample.Index();
        AlignmentReport unseen = await ReportAsync();

        Assert.Contains("1 pictures have a caption", Assert.Single(few.Notices), StringComparison.Ordinal);
        Assert.Equal((0, 13, null), (unseen.PictureCount, unseen.WithoutCaptionCount, unseen.Space));
        Assert.Contains("No model of this collection", unseen.Notices[^1], StringComparison.Ordinal);
    }

    private void Write(string name, string caption, byte red, byte green, byte blue, int width = 40)
    {
        _sample.WriteColour($"{name}.png", red, green, blue, width);
        File.WriteAllText(_sample.PathOf($"{name}.txt"), caption);
    }

    private Task<AlignmentReport> ReportAsync(AlignmentRequest? request = null) => _sample.Library.Reports.CompareCaptionsAsync(
        SampleLibrary.Collection, request, cancellationToken: TestContext.Current.CancellationToken);
}
