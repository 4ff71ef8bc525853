namespace MultiVecRetrieval.Eval.Benchmarks.Media;

/// <summary>Benchmarks of captioned pictures and videos.</summary>
internal static class MediaSuites
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<BenchmarkSuite> All { get; } =
    [
        BenchmarkSuite.Of("coco", "COCO 5k, Karpathy's split: dataset_coco.json, pictures; both directions",
            request => KarpathyReader.Read(request, "COCO5k", "dataset_coco.json")),
        BenchmarkSuite.Of("flickr30k", "Flickr30k 1k, Karpathy's split: dataset_flickr30k.json, pictures; both directions",
            request => KarpathyReader.Read(request, "Flickr30k", "dataset_flickr30k.json")),
        BenchmarkSuite.Of("msrvtt", "MSR-VTT 1k-A: MSRVTT_JSFUSION_test.csv, videos",
            request => VideoTask.Create("MSR-VTT", request, VideoCaptions.ReadMsrVtt(request))),
        BenchmarkSuite.Of("msvd", "MSVD: AllVideoDescriptions.txt and test_list.txt, or msvd.jsonl; videos",
            request => VideoTask.Create("MSVD", request, VideoCaptions.ReadMsvd(request))),
        BenchmarkSuite.Of("didemo", "DiDeMo, paragraph to video: test_data.json, videos",
            request => VideoTask.Create("DiDeMo", request, VideoCaptions.ReadDidemo(request))),
        BenchmarkSuite.Of("vatex", "VATEX, English: vatex_public_test_english_v1.1.json, videos",
            request => VideoTask.Create("VATEX", request, VideoCaptions.ReadVatex(request))),
        BenchmarkSuite.Of("activitynet-paragraphs", "ActivityNet Captions, paragraph to video: val_1.json, videos",
            request => VideoTask.Create("ActivityNet", request, VideoCaptions.ReadActivityNet(request))),
    ];
}
