using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Libraries.Configuration;

/// <summary>Every setting of <see cref="LibraryOptions"/>: the one place that names, reads and checks them.</summary>
internal static class SettingTable
{
    private const long Gigabyte = 1L << 30;

    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Text("dataFolder", o => o.DataFolder, (o, v) => o with { DataFolder = v }),
        Setting.List("modelFolders", o => o.ModelFolders, (o, v) => o with { ModelFolders = v }),
        Setting.Choice<RowFormat>("rowFormat", o => o.RowFormat, (o, v) => o with { RowFormat = v }),
        Setting.Reduction("reduction", o => o.Reduction, (o, v) => o with { Reduction = v }),
        Setting.Range("pictureTiles", 0, 16, o => o.PictureTiles, (o, v) => o with { PictureTiles = v }),
        Setting.Truth("recognizeText", o => o.RecognizeText, (o, v) => o with { RecognizeText = v }),
        Setting.List("recognitionLanguages", o => o.RecognitionLanguages, (o, v) => o with { RecognitionLanguages = v }),
        Setting.Truth("officePages", o => o.OfficePages, (o, v) => o with { OfficePages = v }),
        Setting.OptionalText("speechModel", o => o.SpeechModel, (o, v) => o with { SpeechModel = v }),
        Setting.List("textExtensions", o => o.TextExtensions, (o, v) => o with { TextExtensions = v }),
        Setting.Range("threads", 0, 1024, o => o.Threads, (o, v) => o with { Threads = v }),
        Setting.Range("quietPeriod", TimeSpan.Zero, TimeSpan.FromHours(1), o => o.QuietPeriod, (o, v) => o with { QuietPeriod = v }),
        Setting.Range("pictureMemoryBytes", 1L << 20, 1024 * Gigabyte, o => o.PictureMemoryBytes,
            (o, v) => o with { PictureMemoryBytes = v }),
        Setting.Range("pictureCacheBytes", 0L, 1024 * 1024 * Gigabyte, o => o.PictureCacheBytes,
            (o, v) => o with { PictureCacheBytes = v }),
        Setting.Truth("logQueries", o => o.LogQueries, (o, v) => o with { LogQueries = v }),
        Setting.Truth("readOnly", o => o.ReadOnly, (o, v) => o with { ReadOnly = v }),
        Setting.Range("latencyTarget", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), o => o.LatencyTarget,
            (o, v) => o with { LatencyTarget = v }),
        Setting.Range("writeBufferBytes", 1L << 20, 64 * Gigabyte, o => o.WriteBufferBytes, (o, v) => o with { WriteBufferBytes = v }),
        // One segment cannot be merged with others, so 1 would merge forever.
        Setting.ZeroOrRange("mergeSegmentCount", 2, 1000, o => o.MergeSegmentCount, (o, v) => o with { MergeSegmentCount = v }),
        Setting.Truth("buildTiersInBackground", o => o.BuildTiersInBackground, (o, v) => o with { BuildTiersInBackground = v }),
        Setting.Truth("automaticTiers", o => o.AutomaticTiers, (o, v) => o with { AutomaticTiers = v }),
        Setting.Choice<ExecutionProvider>("encoder:provider", o => o.Encoder.Provider,
            (o, v) => o with { Encoder = o.Encoder with { Provider = v } }),
        Setting.Range("encoder:intraOpThreads", 0, 256, o => o.Encoder.IntraOpThreads,
            (o, v) => o with { Encoder = o.Encoder with { IntraOpThreads = v } }),
        Setting.Range("media:maxFileBytes", 1L, long.MaxValue, o => o.Limits.MaxFileBytes,
            (o, v) => o with { Limits = o.Limits with { MaxFileBytes = v } }),
        // A decoded picture is one array of 3 bytes a pixel, and an array has at most 2³¹ bytes.
        Setting.Range("media:maxImagePixels", 1L, 700_000_000L, o => o.Limits.MaxImagePixels,
            (o, v) => o with { Limits = o.Limits with { MaxImagePixels = v } }),
        Setting.Range("media:maxPages", 1, 1_000_000, o => o.Limits.MaxPages, (o, v) => o with { Limits = o.Limits with { MaxPages = v } }),
        // A text is one array while it is read, and a string of it another.
        Setting.Range("media:maxTextBytes", 1L, 1L << 30, o => o.Limits.MaxTextBytes,
            (o, v) => o with { Limits = o.Limits with { MaxTextBytes = v } }),
        Setting.Range("media:maxArchiveEntries", 1, 1_000_000, o => o.Limits.MaxArchiveEntries,
            (o, v) => o with { Limits = o.Limits with { MaxArchiveEntries = v } }),
        Setting.Range("media:maxCompressionRatio", 2, 1_000_000, o => o.Limits.MaxCompressionRatio,
            (o, v) => o with { Limits = o.Limits with { MaxCompressionRatio = v } }),
        Setting.Range("media:maxFrames", 1, 1_000_000, o => o.Limits.MaxFrames,
            (o, v) => o with { Limits = o.Limits with { MaxFrames = v } }),
        Setting.Range("media:maxVideoSeconds", 1.0, 1e9, o => o.Limits.MaxVideoSeconds,
            (o, v) => o with { Limits = o.Limits with { MaxVideoSeconds = v } }),
        Setting.Range("media:pageTimeout", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), o => o.Limits.PageTimeout,
            (o, v) => o with { Limits = o.Limits with { PageTimeout = v } }),
        Setting.Range("media:fileTimeout", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), o => o.Limits.FileTimeout,
            (o, v) => o with { Limits = o.Limits with { FileTimeout = v } }),
        Setting.Range("media:officeTimeout", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), o => o.Limits.OfficeTimeout,
            (o, v) => o with { Limits = o.Limits with { OfficeTimeout = v } }),
        Setting.Range("media:maxChildMemoryBytes", 64L << 20, 1024 * Gigabyte, o => o.Limits.MaxChildMemoryBytes,
            (o, v) => o with { Limits = o.Limits with { MaxChildMemoryBytes = v } }),
        Setting.Range("sampling:framesPerSecond", 0.0, 240.0, o => o.Sampling.FramesPerSecond,
            (o, v) => o with { Sampling = o.Sampling with { FramesPerSecond = v } }),
        Setting.Range("sampling:segmentCount", 1, 100_000, o => o.Sampling.SegmentCount,
            (o, v) => o with { Sampling = o.Sampling with { SegmentCount = v } }),
        Setting.Range("sampling:longSideInPixels", 16, 16_384, o => o.Sampling.LongSideInPixels,
            (o, v) => o with { Sampling = o.Sampling with { LongSideInPixels = v } }),
        Setting.Range("sampling:duplicateDistance", 0, 64, o => o.Sampling.DuplicateDistance,
            (o, v) => o with { Sampling = o.Sampling with { DuplicateDistance = v } }),
        Setting.Range("sampling:videoTrack", 0, 100, o => o.Sampling.VideoTrack,
            (o, v) => o with { Sampling = o.Sampling with { VideoTrack = v } }),
    ];
}
