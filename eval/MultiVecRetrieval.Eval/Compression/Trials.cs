namespace MultiVecRetrieval.Eval.Compression;

/// <summary>What the suite tries; trials of one reduction stand together, so that it is done once.</summary>
internal static class Trials
{
    private static readonly string[] PageCodecs =
    [
        "float32", "float16", "int8", "bits:4", "bits:2", "bits:1", "codes:256", "codes:4096", "codeset:256", "codes:256x256",
        "codes:4096x256", "pq:32x8", "pq:16x8",

        // The slowest to train or to encode come last, so that a run that is stopped has the others.
        "bebr:2", "lemur", "codes:65536", "codes:65536x256",
    ];

    private static readonly string[] PictureCodecs =
    [
        "float32", "float16", "int8", "bits:8", "bits:4", "bits:2", "bits:1", "bebr:2",
        "pq:128x4", "pq:64x8", "pq:32x8", "pq:16x8", "codes:256", "codes:256x256",
    ];

    private static readonly string[] PictureCodecsThatLearn = ["bits:4", "bits:2", "bits:1", "bebr:2"];

    // Every method with what keeps as many rows without thinking.
    private static readonly (string Reduction, bool IsControl)[] Reductions =
    [
        ("random:2", true), ("random:3", true), ("random:4", true), ("random:8", true), ("grid:2", true), ("average:2", true),
        ("ward:3", false), ("ward:8", false), ("duplicates", false), ("blank", false), ("merge:0.9", false), ("colpali:3", false),
        ("saliency:3,by=density", false), ("saliency:3,by=distance", false), ("saliency:3,by=rarity", false),
        ("saliency:3,by=rarity,rest=8", false), ("feather:3,by=rarity", false), ("agc:3,by=rarity", false),
        ("order:by=rarity+prefix:64", false), ("order:by=rarity+prefix:200", false),
    ];

    private static readonly string[] Merged = ["ward:2", "ward:4"];

    private static readonly string[] CodecsOfMerged = ["float32", "int8", "bits:4", "bits:2"];

    /// <summary>The trials of a workload of many rows an entry, or of one row.</summary>
    public static IReadOnlyList<Trial> For(Workload workload, IReadOnlyList<string> codecs)
    {
        bool isDense = workload.Entries.All(entry => entry.RowCount == 1);
        if (codecs.Count > 0)
        {
            return [.. codecs.Select(codec => new Trial("none", codec)), .. isDense ? codecs.Select(Learning) : []];
        }

        if (isDense)
        {
            return [.. PictureCodecs.Select(codec => new Trial("none", codec)), .. PictureCodecsThatLearn.Select(Learning)];
        }

        return
        [
            .. Merged.SelectMany(reduction => CodecsOfMerged.Select(codec => new Trial(reduction, codec))),
            .. Reductions.Select(reduction => new Trial(reduction.Reduction, "float32", reduction.IsControl)),
            .. PageCodecs.Select(codec => new Trial("none", codec)),
        ];
    }

    private static Trial Learning(string codec) => new("none", codec, LearnsFromQueries: true);
}
