namespace MultiVecRetrieval.Eval.Benchmarks.Moments;

/// <summary>A benchmark of moments that can be run.</summary>
/// <param name="Name">What <c>mvr-eval run</c> calls it.</param>
/// <param name="Description">What it is, and the files that it is read from.</param>
/// <param name="Read">Reads it.</param>
internal sealed record MomentSuite(string Name, string Description, Func<SuiteRequest, MomentTask> Read)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<MomentSuite> All { get; } =
    [
        new("qvhighlights", "QVHighlights: highlight_SPLIT_release.jsonl, videos; R1, mAP, highlights, submission", request =>
        {
            string split = request.Split ?? "val";
            return MomentReaders.ToTask(
                "QVHighlights", request, split, MomentReaders.ReadQvHighlights(request.Require($"highlight_{split}_release.jsonl")), isHighlights: true);
        }),
        new("charades-sta", "Charades-STA: charades_sta_test.txt, or charades.json; videos; R@n at IoU", request => File.Exists(Path.Combine(request.Root, "charades.json"))
            ? OfObject("Charades-STA", request, "charades.json")
            : MomentReaders.ToTask(
                "Charades-STA", request, request.Split ?? "test",
                MomentReaders.ReadLines(request.Require($"charades_sta_{request.Split ?? "test"}.txt"), new Dictionary<string, double>()), isHighlights: false)),
        new("activitynet", "ActivityNet Captions: val_1.json or val_2.json, videos; R@n at IoU",
            request => OfObject("ActivityNet-Captions", request, $"{request.Split ?? "val_1"}.json")),
        new("tacos", "TaCoS: test.json with timestamps in frames, videos; R@n at IoU",
            request => OfObject("TaCoS", request, $"{request.Split ?? "test"}.json")),
    ];

    private static MomentTask OfObject(string name, SuiteRequest request, string file) => MomentReaders.ToTask(
        name, request, Path.GetFileNameWithoutExtension(file), MomentReaders.ReadObject(request.Require(file)), isHighlights: false);
}
