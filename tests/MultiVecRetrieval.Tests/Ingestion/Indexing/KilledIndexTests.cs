using System.Diagnostics;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

public sealed class KilledIndexTests : IDisposable
{
    private const int KillCount = 6;

    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Index_KilledAgainAndAgain_LosesNothingAndShowsNothingHalf()
    {
        for (int i = 0; i < 8; i++)
        {
            _sample.WritePdf($"{i}.pdf", $"harbour{i}", $"glacier{i}", $"station{i}");
        }

        _sample.Library.Dispose();
        Random random = new(Seed: 1);
        HashSet<string> seen = [];
        for (int kill = 0; kill < KillCount; kill++)
        {
            // From the walk to within the encoding; when it falls matters to nothing that is checked.
            IndexForAWhile(TimeSpan.FromMilliseconds(random.Next(0, 1500)));

            _sample.Reopen();
            _sample.AssertComplete();
            IReadOnlyList<Document> documents = _sample.Opened.Documents.List();
            Assert.All(documents, document => Assert.Equal(3, _sample.Opened.Entries.List(document.Key).Count));
            Assert.All(documents, document => Assert.Equal(SourceState.Indexed, _sample.Source(document.Key).State));
            Assert.Subset(documents.Select(document => document.Key).ToHashSet(), seen);
            seen = [.. documents.Select(document => document.Key)];
            _sample.Library.Dispose();
        }

        _sample.Reopen();
        IndexReport report = _sample.Index();

        Assert.Equal((8, 8, 0, 0), (report.Seen, report.Indexed + report.Unchanged, report.Pending, report.Failed.Count));
        Assert.Equal(seen.Count, report.Unchanged);
        Assert.Equal(24, _sample.Keys().Count);
        Assert.Equal(["5.pdf#page=2"], _sample.Search("glacier5", SearchSide.Text));
        Assert.Empty(_sample.Opened.Upkeep.Verify().Problems);
    }

    private void IndexForAWhile(TimeSpan time)
    {
        ProcessStartInfo start = new(
            Path.Combine(AppContext.BaseDirectory, "mvr"),
            ["index", _sample.Sources, "--data", _sample.Options.DataFolder, "--collection", SampleLibrary.Collection])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MVR_QUIET_PERIOD"] = "00:00:00";
        using Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // The time counts from the moment that there is a collection: starting the program is not what is tested.
        while (!Collection.Exists(Path.Combine(_sample.Options.DataFolder, SampleLibrary.Collection)) && !process.HasExited)
        {
            Thread.Sleep(5);
        }

        // SIGKILL on Linux.
        if (!process.WaitForExit(time))
        {
            process.Kill(entireProcessTree: true);
        }

        process.WaitForExit();
    }
}
