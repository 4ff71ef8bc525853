namespace MultiVecRetrieval.Eval.Benchmarks.Composed;

/// <summary>Benchmarks of a picture and words that change it.</summary>
internal static class ComposedSuites
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<BenchmarkSuite> All { get; } =
    [
        BenchmarkSuite.Of("cirr", "CIRR: captions, image_splits, pictures; recall without the reference, recall of the subset, submissions", CirrReader.Read),
        BenchmarkSuite.Of("circo", "CIRCO: annotations, COCO2017_unlabeled; mAP@k, by aspect, submission", CircoReader.Read),
        BenchmarkSuite.Of("fashioniq", "FashionIQ: captions, image_splits, images; recall@10 and @50 among all pictures of the split",
            request => FashionIqReader.Read(request, isSmall: false)),
        BenchmarkSuite.Of("fashioniq-small", "FashionIQ among the pictures alone that questions name",
            request => FashionIqReader.Read(request, isSmall: true)),
    ];
}
