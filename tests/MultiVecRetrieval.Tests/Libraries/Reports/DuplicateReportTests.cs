using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Reports;

/// <summary>Copies whose right answer is known by construction: same bytes, colours at known angles, blocks at other sizes.</summary>
public sealed class DuplicateReportTests : IDisposable
{
    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public async Task FindDuplicates_SameBytes_AreOneGroupOfDocuments()
    {
        _sample.WritePdf("a.pdf", "the first page", "the second page");
        File.Copy(_sample.PathOf("a.pdf"), _sample.PathOf("copy of a.pdf"));
        _sample.WritePdf("b.pdf", "something else");
        File.SetLastWriteTimeUtc(_sample.PathOf("a.pdf"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _sample.Index();

        DuplicateReport report = await ReportAsync();

        DuplicateGroup group = Assert.Single(report.Exact);
        Assert.Equal(("a.pdf", KeepReason.Oldest), (group.Keep.Key, group.Reason));
        DuplicateMember copy = Assert.Single(group.Others);
        Assert.Equal(("copy of a.pdf", "content", 1.0), (copy.Key, copy.Source, copy.Similarity));
        Assert.Equal((3, 1, new FileInfo(_sample.PathOf("a.pdf")).Length), (report.DocumentCount, report.ExactGroupCount, report.ExactSizeInBytes));

        // Their pages are not told of again.
        Assert.Empty(report.Near);
    }

    [Fact]
    public async Task FindDuplicates_NoModelOfPictures_GoesByFingerprints()
    {
        RgbImage picture = SampleLibrary.Blocks(256, 192, seed: 1);
        _sample.Write("small.png", SampleLibrary.Png(ReportSamples.Half(picture)));
        _sample.Write("large.png", SampleLibrary.Png(picture));
        _sample.Write("other.png", SampleLibrary.Png(SampleLibrary.Blocks(256, 192, seed: 2)));
        _sample.Index();

        DuplicateReport report = await ReportAsync();

        Assert.Empty(report.Exact);
        DuplicateGroup group = Assert.Single(report.Near);
        Assert.Equal(("large.png", KeepReason.Resolution), (group.Keep.Key, group.Reason));
        Assert.Equal(("small.png", "fingerprint"), (group.Others[0].Key, group.Others[0].Source));
        Assert.Contains(report.ComparedBy, space => space is { Source: "fingerprint", EntryCount: 3 });
    }

    [Fact]
    public async Task FindDuplicates_ColoursByAngle_AreNearWithinTheSimilarityOfTheModel()
    {
        using PlantedEncoder model = ReportSamples.CreateEncoder(copySimilarity: 0.985);
        (int, int, int)[] colours = [(255, 0, 0), (250, 30, 0), (250, 60, 0), (0, 255, 0)];
        for (int i = 0; i < colours.Length; i++)
        {
            (int red, int green, int blue) = colours[i];
            // The first is the largest, so that it is the one to keep.
            _sample.WriteColour($"{i}.png", (byte)red, (byte)green, (byte)blue, width: 100 - i);
        }

        // 0 is near 1 and 1 is near 2, but 0 is not near 2: a chain.
        Assert.True(ReportSamples.GetCosine(colours[0], colours[1]) > 0.99);
        Assert.True(ReportSamples.GetCosine(colours[1], colours[2]) > 0.985);
        Assert.True(ReportSamples.GetCosine(colours[0], colours[2]) < 0.98);
        _sample.Index(request => request with { Models = [model.Folder] });

        DuplicateReport report = await ReportAsync();

        DuplicateGroup group = Assert.Single(report.Near);
        Assert.Equal("0.png", group.Keep.Key);
        DuplicateMember near = Assert.Single(group.Others);
        Assert.Equal("1.png", near.Key);
        Assert.Equal(ReportSamples.GetCosine(colours[0], colours[1]), near.Similarity, 3);
        Assert.StartsWith("vectors:", near.Source, StringComparison.Ordinal);

        // At a similarity that the request names all three reds are near the first.
        DuplicateReport wider = await ReportAsync(new DuplicateRequest { MinSimilarity = 0.9 });
        Assert.Equal(["1.png", "2.png"], Assert.Single(wider.Near).Others.Select(other => other.Key));
    }

    [Fact]
    public async Task FindDuplicates_FilterAndLimit_AreKeptTo()
    {
        using PlantedEncoder model = ReportSamples.CreateEncoder(copySimilarity: 0.99);
        foreach ((string name, byte red) in new[] { ("a", (byte)255), ("b", (byte)0) })
        {
            _sample.WriteColour($"{name}1.png", red, 255, 0, width: 60);
            _sample.WriteColour($"{name}2.png", red, 255, 0, width: 50);
        }

        _sample.Index(request => request with { Models = [model.Folder] });

        DuplicateReport limited = await ReportAsync(new DuplicateRequest { Limit = 1 });
        DuplicateReport filtered = await ReportAsync(new DuplicateRequest { Filter = Filter.Parse("document like \"b*\"") });
        DuplicateReport exact = await ReportAsync(new DuplicateRequest { NearDuplicates = false });

        Assert.Equal((2, 1), (limited.NearGroupCount, limited.Near.Count));
        Assert.Equal("b1.png", Assert.Single(filtered.Near).Keep.Key);
        Assert.Equal(2, filtered.DocumentCount);
        Assert.Empty(exact.Near);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReportAsync(new DuplicateRequest { Limit = 0 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReportAsync(new DuplicateRequest { MinSimilarity = 1.5 }));
    }

    [Fact]
    public async Task FindDuplicates_Pages_AreComparedByTheirWords()
    {
        string first = "quarterly report on pump pressure and valve maintenance for the northern plant during winter and early spring";
        string second = "a letter about the wedding of cousins in june with many guests music dancing cake flowers and long speeches";
        _sample.WritePdf("draft.pdf", first, second);
        _sample.WritePdf("final.pdf", "an introduction that the draft did not have at all yet with words of its own to be read first", first);
        _sample.Index();

        DuplicateReport report = await ReportAsync();

        DuplicateGroup group = Assert.Single(report.Near);
        Assert.Equal(["draft.pdf#page=1", "final.pdf#page=2"],
            group.Others.Select(other => other.Key).Append(group.Keep.Key).Order(StringComparer.Ordinal));
        Assert.Equal("vectors:page-words", group.Others[0].Source);
    }

    [Fact]
    public async Task FindDuplicates_CancelledOrTold_StopsAndTells()
    {
        using PlantedEncoder model = ReportSamples.CreateEncoder(copySimilarity: 0.99);
        _sample.WriteColour("a.png", 255, 0, 0);
        _sample.WriteColour("b.png", 255, 0, 10);
        _sample.Index(request => request with { Models = [model.Folder] });
        using CancellationTokenSource source = new();
        List<ReportProgress> told = [];

        await _sample.Library.Reports.FindDuplicatesAsync(
            SampleLibrary.Collection, progress: new Teller(told.Add), cancellationToken: source.Token);
        Assert.Contains(new ReportProgress("reading", 2, 2), told);
        Assert.Contains(new ReportProgress("comparing", 2, 2), told);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sample.Library.Reports.FindDuplicatesAsync(
            SampleLibrary.Collection, cancellationToken: source.Token));
    }

    private Task<DuplicateReport> ReportAsync(DuplicateRequest? request = null) => _sample.Library.Reports.FindDuplicatesAsync(
        SampleLibrary.Collection, request, cancellationToken: TestContext.Current.CancellationToken);

    private sealed class Teller(Action<ReportProgress> tell) : IProgress<ReportProgress>
    {
        public void Report(ReportProgress value) => tell(value);
    }
}
