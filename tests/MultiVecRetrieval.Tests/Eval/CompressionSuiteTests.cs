using System.Xml.Linq;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Eval.Compression;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Eval;

public sealed class CompressionSuiteTests
{
    private const int EntryCount = 60;

    private static readonly Workload Pages = MakePages();

    [Fact]
    public void Run_Float32_AgreesWithItselfAndFindsThePages()
    {
        TrialResult result = new TrialRunner(Pages, trainingRowCount: 2000, TestContext.Current.CancellationToken)
            .Run(new Trial("none", "float32"), TestContext.Current.CancellationToken);

        Assert.Equal(1, result.RecallAt10.Mean);
        Assert.Equal(1, result.HitAt1.Mean);
        Assert.Equal(1, result.NdcgAt10.Mean);
        Assert.Equal(1, result.RescoredNdcgAt10.Mean);
        Assert.Equal(1, result.NeedleShare);
        Assert.Equal(70, result.RowsPerEntry);
        Assert.InRange(result.BytesPerEntry, 70 * 32 * 4, 70 * 32 * 4 * 1.2);
    }

    [Fact]
    public void Run_FewRandomRows_LosesWhatTheyHeld()
    {
        TrialResult result = new TrialRunner(Pages, trainingRowCount: 2000, TestContext.Current.CancellationToken)
            .Run(new Trial("random:10", "float32", IsControl: true), TestContext.Current.CancellationToken);

        Assert.Equal(7, result.RowsPerEntry);
        Assert.True(result.RecallAt10.Mean < 1);
        // The one row in which two pages differ is dropped nine times of ten, and a toss-up then.
        Assert.InRange(result.NeedleShare!.Value, 0.35, 0.75);
        Assert.Equal(1, result.RecallAt1000.Mean);
    }

    [Fact]
    public void Run_UnknownCodec_Throws()
    {
        TrialRunner runner = new(Pages, trainingRowCount: 2000, TestContext.Current.CancellationToken);

        Assert.Throws<SpecException>(() => runner.Run(new Trial("none", "zip"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Report_OfTrials_KeepsTheTextAroundItsTablesAndDrawsEveryTrial()
    {
        TrialRunner runner = new(Pages, trainingRowCount: 2000, TestContext.Current.CancellationToken);
        TrialResult[] trials =
        [
            .. new Trial[] { new("none", "float32"), new("none", "int8"), new("random:2", "float32", IsControl: true) }
                .Select(trial => runner.Run(trial, TestContext.Current.CancellationToken)),
        ];
        CompressionReport report =
            new([new WorkloadResult("pages", "Made up", trials, ["zip: unknown"])], "a machine", TimeSpan.FromMinutes(2));
        string folder = Directory.CreateTempSubdirectory("mvr-compression-").FullName;
        File.WriteAllText(Path.Combine(folder, "compression.md"), "before\n<!-- tables -->\nold\n<!-- end of tables -->\nafter\n");

        report.Write(folder);

        string text = File.ReadAllText(Path.Combine(folder, "compression.md"));
        Assert.StartsWith("before\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\nafter\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("old", text, StringComparison.Ordinal);
        Assert.Contains("| int8 |", text, StringComparison.Ordinal);
        Assert.Contains("| *random:2* |", text, StringComparison.Ordinal);
        Assert.Contains("Left out: zip: unknown", text, StringComparison.Ordinal);
        XDocument svg = XDocument.Load(Path.Combine(folder, "compression.svg"));
        string[] titles = [.. svg.Descendants().Where(element => element.Name.LocalName == "title").Select(element => element.Value)];
        Assert.All(trials, trial => Assert.Contains(titles, title => title.StartsWith(trial.Name + ":", StringComparison.Ordinal)));
        Directory.Delete(folder, recursive: true);
    }

    private static Workload MakePages()
    {
        PageVectors vectors = new(seed: 3, dimension: 32);
        (IReadOnlyList<WorkloadQuery> heldOut, IReadOnlyList<WorkloadQuery> tuning) = Workload.Split(
            [.. Enumerable.Range(0, 60)
                .Select(i => new WorkloadQuery(vectors.GetQuery(i, i, rowCount: 8, pageRowCount: 70), new HashSet<int> { i }))]);
        return new Workload
        {
            Name = "pages",
            Origin = "Made up",
            Dimension = 32,
            Entries = [.. Enumerable.Range(0, EntryCount).Select(i => vectors.GetPage(i, rowCount: 70))],
            HeldOut = heldOut,
            Tuning = tuning,
        };
    }
}
