using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// One operation is the score of a query with one page, on one core: every codec over the same pages. A chunk of as many pages as
/// <c>--pages</c> says, read once a pass; it leaves the L2 cache for codecs of many bytes, as a collection does.
/// </summary>
internal static class ResidualBenchmark
{
    private const int TrainingPageCount = 64;
    private const int TrainingRowStep = 2;

    private static readonly string[] DefaultSpecs =
        ["float32", "float16", "int8", "residual:2", "residual:2x256", "residual:4", "residual:4x256", "pq:16x8", "pq:32x8", "pq:64x4", "fde", "fde:10x5x16", "lemur:512"];

    /// <summary>Prints one table.</summary>
    public static int Run(string[] options)
    {
        int roundCount = 7;
        int pageCount = 128;
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
                case "--shape" when i + 1 < options.Length:
                    int[] parts = [.. options[++i].Split('x').Select(x => int.Parse(x, CultureInfo.InvariantCulture))];
                    (queryRowCount, pageRowCount, dimension) = (parts[0], parts[1], parts[2]);
                    break;
                case "--codec" when i + 1 < options.Length:
                    specs.Add(options[++i]);
                    break;
                default:
                    Console.Error.WriteLine(
                        $"Unknown option {options[i]}; residual knows --rounds N, --pages N, --shape QxRxD and --codec SPEC.");
                    return 2;
            }
        }

        Console.WriteLine(Machine.Describe());
        Run(specs.Count > 0 ? [.. specs] : DefaultSpecs, queryRowCount, pageRowCount, dimension, pageCount, roundCount);
        return 0;
    }

    private static void Run(string[] specs, int queryRowCount, int pageRowCount, int dimension, int pageCount, int roundCount)
    {
        PageVectors samples = new(seed: 1, dimension);
        MultiVector[] pages = [.. Enumerable.Range(0, pageCount).Select(index => samples.GetPage(index, pageRowCount))];
        MultiVector query = samples.GetQuery(index: 0, page: 0, queryRowCount, pageRowCount);
        float[] values = [.. pages.SelectMany(page => page.Values.ToArray())];
        int[] offsets = [.. Enumerable.Range(0, pageCount + 1).Select(index => index * pageRowCount)];
        TrainingSample sample = GetSample(samples, pageCount, pageRowCount, dimension, queryRowCount);
        List<(string Spec, Measurement Measurement, double TrainingSeconds, double EncodingSeconds, int Size)> rows = [];
        foreach (string spec in specs)
        {
            CodecSpec parsed = CodecSpec.Parse(spec);
            long start = Stopwatch.GetTimestamp();
            EntryCodec codec = Codecs.FindFamily(parsed).Train(parsed, sample, CancellationToken.None);
            double training = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            byte[] chunk = codec.Encode(new EntryRows(dimension, values, offsets));
            double encoding = Stopwatch.GetElapsedTime(start).TotalSeconds;
            CodeScorer scorer = codec.CreateScorer(query.View);
            float[] scores = new float[pageCount];
            Measurement measurement = new(spec, pageCount, () => scorer.Score(chunk, scores));
            rows.Add((spec, measurement, training, encoding, chunk.Length));
        }

        Measurement.RunInTurns([.. rows.Select(row => row.Measurement)], roundCount);
        Console.WriteLine();
        Console.WriteLine(
            $"{queryRowCount} query rows x {pageRowCount} page rows x {dimension}, {pageCount} pages in one chunk, one core, {roundCount} rounds");
        Console.WriteLine(
            $"{"codec",-18}{"bytes/page",12}{"bytes/row",11}{"pages/s wall",14}{"pages/s cpu",13}{"spread of cpu",24}{"train s",9}{"encode pages/s",16}{"bytes/op",10}");
        foreach ((string spec, Measurement measurement, double training, double encoding, int size) in rows)
        {
            (double slowest, double fastest) = measurement.ProcessorSpread;
            Console.WriteLine(
                $"{spec,-18}{(double)size / pageCount,12:n0}{(double)size / pageCount / pageRowCount,11:n1}{measurement.MedianRate,14:n0}"
                + $"{measurement.MedianProcessorRate,13:n0}{$"{slowest:n0} .. {fastest:n0}",24}{training,9:n1}{pageCount / encoding,16:n0}"
                + $"{measurement.AllocatedBytesPerOperation,10:n1}");
        }
    }

    // Every second row of pages that are not scored.
    private static TrainingSample GetSample(PageVectors samples, int firstPage, int pageRowCount, int dimension, int queryRowCount)
    {
        int count = Math.Max(1, TrainingPageCount * 1030 / pageRowCount);
        MultiVector[] pages = [.. Enumerable.Range(firstPage, count).Select(index => samples.GetPage(index, pageRowCount))];
        return new TrainingSample
        {
            Dimension = dimension,
            Rows = [.. pages.SelectMany(page => Enumerable.Range(0, (page.RowCount + TrainingRowStep - 1) / TrainingRowStep).SelectMany(row => page.Row(row * TrainingRowStep).ToArray()))],
            Queries = [.. pages.SelectMany((_, index) => samples.GetQuery(firstPage + index, firstPage + index, queryRowCount, pageRowCount).Values.ToArray())],
            Threads = Environment.ProcessorCount,
        };
    }
}
