using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Eval.Throughput;

/// <summary>
/// Indexes files into a new collection and compares its rate with encoding alone: the same encoder on as many threads, pictures
/// already decoded and in memory, nothing written.
/// </summary>
internal sealed class ThroughputSuite(string paths, int threads, int sampleCount)
{
    // Each sample picture is encoded this often, so that a short sample is timed over seconds.
    private const int MinEncodings = 24;

    public string Run()
    {
        string data = Directory.CreateTempSubdirectory("mvr-throughput-").FullName;
        try
        {
            using Library library = new(new LibraryOptions { DataFolder = data, Threads = threads, QuietPeriod = TimeSpan.Zero });
            EncoderModel encoder = library.GetEncoder(BundledModels.Default);
            List<(RgbImage Image, ImageRole Role)> sample = Sample(encoder.Contract.PageLongSideInPixels);
            // Encoding alone is timed before and after, so that a change of the machine's load shows.
            double before = sample.Count == 0 ? double.NaN : MeasureEncoding(encoder, sample);
            IndexRequest request = new() { Collection = "throughput", Paths = [paths] };
            IndexReport report = library.IndexAsync(request).GetAwaiter().GetResult();
            double after = sample.Count == 0 ? double.NaN : MeasureEncoding(encoder, sample);
            return Describe(library.DescribeCollection("throughput").Statistics, report, before, after);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private int WorkerCount => threads == 0 ? Environment.ProcessorCount : threads;

    // Every page of every n-th PDF would favour some documents; so one page of each in turn, and every image.
    private List<(RgbImage Image, ImageRole Role)> Sample(int longSide)
    {
        MediaLimits limits = new();
        PdfReader pages = new(limits);
        ImageDecoder images = new(limits);
        List<(RgbImage, ImageRole)> sample = [];
        string[] files = File.Exists(paths)
            ? [paths]
            : [.. Directory.EnumerateFiles(paths, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        foreach (string file in files)
        {
            MediaType? type = MediaSniffer.GetMediaType(MediaSniffer.DetectFile(file));
            if (type == MediaType.Image)
            {
                sample.Add((images.DecodeFile(file), ImageRole.Picture));
            }
            else if (type == MediaType.Page)
            {
                int count = pages.ReadInformation(file).PageCount;
                int step = Math.Max(1, count * files.Length / sampleCount);
                for (int page = 1; page <= count && sample.Count < sampleCount; page += step)
                {
                    sample.Add((pages.RenderPage(file, page, longSide), ImageRole.Page));
                }
            }

            if (sample.Count >= sampleCount)
            {
                break;
            }
        }

        return sample;
    }

    /// <returns>Pictures a second.</returns>
    private double MeasureEncoding(EncoderModel encoder, List<(RgbImage Image, ImageRole Role)> sample)
    {
        int total = Math.Max(MinEncodings, sample.Count);
        int next = -1;
        void Encode()
        {
            int index;
            while ((index = Interlocked.Increment(ref next)) < total)
            {
                (RgbImage image, ImageRole role) = sample[index % sample.Count];
                encoder.Encode([encoder.Prepare(image, role)]);
            }
        }

        encoder.EncodeImage(sample[0].Image);
        long start = Stopwatch.GetTimestamp();
        Thread[] workers = [.. Enumerable.Range(0, WorkerCount).Select(_ => new Thread(Encode))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return total / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private string Describe(CollectionStatistics statistics, IndexReport report, double before, double after)
    {
        double rate = report.EntriesAdded / report.Elapsed.TotalSeconds;
        string types = string.Join(", ", statistics.EntriesByType.Select(pair => $"{pair.Value} {pair.Key}"));
        string peak = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(':')[1].Trim()
            : "unknown";
        return string.Create(CultureInfo.InvariantCulture, $"""
            machine            {Machine.Describe()}
            threads            {WorkerCount}
            indexed            {report.EntriesAdded} entries ({types}) of {report.Indexed} files, {report.Failed.Count} failed, in {report.Elapsed.TotalSeconds:0.0} s
            indexing           {rate:0.00} entries/s
            encoding alone     {before:0.00} pictures/s before, {after:0.00} after
            share              {rate / ((before + after) / 2):0.000} of encoding alone
            peak memory        {peak} (this process; renderers not included)
            """);
    }
}
