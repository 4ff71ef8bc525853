using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// One operation is the score of a query with one page, on one core: every codec over the same pages. A chunk of as many pages as
/// <c>--pages</c> says, read front to back; it leaves the L2 cache for codecs of many bytes, as a collection does. Found: of the ten best
/// pages by float32, how many are among the best ten, and among the best quarter of the pages, by the codec; over 20 queries.
/// </summary>
internal static class CodecsBenchmark
{
    private const int TrainingPageCount = 64;
    private const int TrainingRowStep = 2;
    private const int Top = 10;

    // Encoding is timed by the processor, of which other work takes less than of the clock; the best of so many rounds.
    private const int EncodingRoundCount = 3;

    // Long enough for the resolution of processor time.
    private const double MinPassSeconds = 0.01;

    private static readonly string[] DefaultSpecs =
["float32", "float16", "int8", "bits:4", "bits:2", "bits:1", "pq:16x8", "pq:32x8", "pq:64x4", "average:4/bits:2"];

    /// <summary>Prints one table.</summary>
    public static int Run(string[] options)
    {
        int roundCount = 7;
        int pageCount = 128;
        int queryCount = 20;
        (int queryRowCount, int pageRowCount, int dimension) = (20, 1030, 128);
        List<string> specs = [];
        for (int i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--rounds" when i + 1 < options.Length:
                    roundCount = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--pages" when i + 1 < options.Length:
                    pageCount = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--queries" when i + 1 < options.Length:
                    queryCount = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--shape" when i + 1 < options.Length:
                    int[] parts = [.. options[++i].Split('x').Select(x => int.Parse(x, CultureInfo.InvariantCulture))];
                    (queryRowCount, pageRowCount, dimension) = (parts[0], parts[1], parts[2]);
                    break;
                case "--codec" when i + 1 < options.Length:
                    specs.Add(options[++i]);
                    break;
                default:
                    Console.Error.WriteLine(
                        $"Unknown option {options[i]}; codecs knows --rounds N, --pages N, --queries N, --shape QxRxD and --codec SPEC.");
                    return 2;
            }
        }

        Console.WriteLine(Machine.Describe());
        Run(specs.Count > 0 ? [.. specs] : DefaultSpecs, queryRowCount, pageRowCount, dimension, pageCount, queryCount, roundCount);
        return 0;
    }

    private static void Run(string[] specs, int queryRowCount, int pageRowCount, int dimension, int pageCount, int queryCount,
        int roundCount)
    {
        PageVectors samples = new(seed: 1, dimension);
        MultiVector[] pages = [.. Enumerable.Range(0, pageCount).Select(index => samples.GetPage(index, pageRowCount))];
        MultiVector[] queries =
            [.. Enumerable.Range(0, queryCount).Select(index => samples.GetQuery(index, index % pageCount, queryRowCount, pageRowCount))];
        float[] values = [.. pages.SelectMany(page => page.Values.ToArray())];
        int[] offsets = [.. Enumerable.Range(0, pageCount + 1).Select(index => index * pageRowCount)];
        TrainingSample sample = GetSample(samples, pageCount, pageRowCount, dimension, queryRowCount);
        EntryCodec exact = CreateCodec("float32", sample);
        byte[] exactChunk = exact.Encode(new EntryRows(dimension, values, offsets));
        int[][] best = [.. queries.Select(query => GetBest(exact, exactChunk, query, pageCount, Top))];
        List<(string Spec, Measurement Measurement, double TrainingSeconds, double EncodingSeconds, int Size, string Found)> rows = [];
        foreach (string spec in specs)
        {
            long start = Stopwatch.GetTimestamp();
            EntryCodec codec = CreateCodec(spec, sample);
            double training = Stopwatch.GetElapsedTime(start).TotalSeconds;

            // What is prepared once, at the first row, and compiled is no part of the speed.
            codec.Encode(new EntryRows(dimension, values.AsSpan(0, offsets[1] * dimension), [0, offsets[1]]));
            byte[] chunk = [];
            double encoding = double.PositiveInfinity;
            for (int round = 0; round < EncodingRoundCount; round++)
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                chunk = codec.Encode(new EntryRows(dimension, values, offsets));
                encoding = Math.Min(encoding, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            }

            CodeScorer scorer = codec.CreateScorer(queries[0].View);
            float[] scores = new float[pageCount];
            int passCount = GetPassCount(() => scorer.Score(chunk, scores));
            Measurement measurement = new(spec, pageCount * passCount, () =>
            {
                for (int pass = 0; pass < passCount; pass++)
                {
                    scorer.Score(chunk, scores);
                }
            });
            rows.Add((spec, measurement, training, encoding, chunk.Length, GetFound(codec, chunk, queries, best, pageCount)));
        }

        Measurement.RunInTurns([.. rows.Select(row => row.Measurement)], roundCount);
        Console.WriteLine();
        Console.WriteLine(
            $"{queryRowCount} query rows x {pageRowCount} page rows x {dimension}, {pageCount} pages in one chunk, one core, {roundCount} rounds");
        Console.WriteLine(
            $"{"codec",-18}{"bytes/page",12}{"bytes/row",11}{"pages/s wall",14}{"pages/s cpu",13}{"spread of cpu",24}{"train s",9}{"encode/s cpu",16}{"found",14}{"bytes/op",10}");
        foreach ((string spec, Measurement measurement, double training, double encoding, int size, string found) in rows)
        {
            (double slowest, double fastest) = measurement.ProcessorSpread;
            Console.WriteLine(
                $"{spec,-18}{(double)size / pageCount,12:n0}{(double)size / pageCount / pageRowCount,11:n1}{measurement.MedianRate,14:n0}"
                + $"{measurement.MedianProcessorRate,13:n0}{$"{slowest:n0} .. {fastest:n0}",24}{training,9:n1}{pageCount / encoding,16:n0}"
                + $"{found,14}{measurement.AllocatedBytesPerOperation,10:n1}");
        }
    }

    private static EntryCodec CreateCodec(string spec, TrainingSample sample)
    {
        CodecSpec parsed = CodecSpec.Parse(spec);
        return Codecs.FindFamily(parsed).Train(parsed, sample, CancellationToken.None);
    }

    private static int GetPassCount(Action pass)
    {
        pass();
        long start = Stopwatch.GetTimestamp();
        pass();
        return Math.Max(1, (int)(MinPassSeconds / Math.Max(1e-7, Stopwatch.GetElapsedTime(start).TotalSeconds)));
    }

    private static int[] GetBest(EntryCodec codec, byte[] chunk, MultiVector query, int pageCount, int count)
    {
        float[] scores = new float[pageCount];
        codec.CreateScorer(query.View).Score(chunk, scores);
        return [.. Enumerable.Range(0, pageCount).OrderByDescending(page => scores[page]).Take(count)];
    }

    private static string GetFound(EntryCodec codec, byte[] chunk, MultiVector[] queries, int[][] best, int pageCount)
    {
        double inTop = 0;
        double inQuarter = 0;
        for (int i = 0; i < queries.Length; i++)
        {
            int[] found = GetBest(codec, chunk, queries[i], pageCount, pageCount / 4);
            inTop += best[i].Intersect(found.Take(Top)).Count();
            inQuarter += best[i].Intersect(found).Count();
        }

        return $"{inTop / queries.Length / Top:f3} {inQuarter / queries.Length / Top:f3}";
    }

    // Every second row of pages that are not scored.
    private static TrainingSample GetSample(PageVectors samples, int firstPage, int pageRowCount, int dimension, int queryRowCount)
    {
        int count = Math.Max(1, TrainingPageCount * 1030 / pageRowCount);
        MultiVector[] pages = [.. Enumerable.Range(firstPage, count).Select(index => samples.GetPage(index, pageRowCount))];
        return new TrainingSample
        {
            Dimension = dimension,
            Rows = [.. pages.SelectMany(page => Enumerable.Range(0, (page.RowCount + TrainingRowStep - 1) / TrainingRowStep)
                .SelectMany(row => page.Row(row * TrainingRowStep).ToArray()))],
            Queries = [.. pages.SelectMany(
                (_, index) => samples.GetQuery(firstPage + index, firstPage + index, queryRowCount, pageRowCount).Values.ToArray())],
            Threads = Environment.ProcessorCount,
        };
    }
}
