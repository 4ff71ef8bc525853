using System.Globalization;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Bits;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// Scores over bit-planes on one core: MaxSim of a query with pages (20 x 1,030 x 128), and one query row with single rows (d = 512),
/// beside the kernels over float32 and int8. Cached: a few pages or rows again and again; memory: copies of them, 192 MB, each read once.
/// </summary>
internal static class BitsBenchmark
{
    private const long MemorySetSizeInBytes = 192L << 20;
    private static readonly int[] BitCounts = [1, 2, 4];

    /// <summary>Prints both tables.</summary>
    public static int Run(string[] options)
    {
        int roundCount = 7;
        for (int i = 0; i < options.Length; i++)
        {
            if (options[i] != "--rounds" || i + 1 == options.Length)
            {
                Console.Error.WriteLine($"Unknown option {options[i]}; bits knows --rounds N.");
                return 2;
            }

            roundCount = int.Parse(options[++i], CultureInfo.InvariantCulture);
        }

        Console.WriteLine(Machine.Describe());
        PageVectors pages = new(seed: 1);
        float[] pageRows = [.. Enumerable.Range(0, 8).SelectMany(page => pages.GetPage(page).Values.ToArray())];
        float[] pageQueries = [.. Enumerable.Range(0, 4).SelectMany(query => pages.GetQuery(query, query).Values.ToArray())];
        RunShape("pages, 20 query rows x 1,030 rows x 128", "pages/s", 128, pageRows, pageQueries, 20, PageVectors.DefaultRowCount, 4,
            roundCount);
        PictureVectors pictures = new(seed: 1);
        float[] textQueries = new float[64 * 512];
        for (int query = 0; query < 64; query++)
        {
            pictures.FillTextQuery(query, query, textQueries.AsSpan(query * 512, 512));
        }

        RunShape("single rows, one query row, d = 512", "ns/row", 512, pictures.GetPictures(0, 4_096, threads: 1), textQueries, 1, 1,
            1_024, roundCount);
        return 0;
    }

    // The first rows are scored, all of them are the sample to train on; the first query is asked.
    private static void RunShape(
        string title,
        string unit,
        int dimension,
        float[] rows,
        float[] queries,
        int queryRowCount,
        int rowCount,
        int cachedCount,
        int roundCount)
    {
        MultiVector query = new(dimension, queries[..(queryRowCount * dimension)]);
        MultiVector entries = new(dimension, rows[..(cachedCount * rowCount * dimension)]);
        int[] offsets = [.. Enumerable.Range(0, cachedCount + 1).Select(i => i * rowCount)];
        List<(Measurement Measurement, double BytesPerRow)> measurements = [];
        foreach (RowFormat format in (RowFormat[])[RowFormat.Float32, RowFormat.Int8])
        {
            AddKernel(format, query, entries, offsets, measurements);
        }

        foreach (int bitCount in BitCounts)
        {
            CodecSpec spec = new("bits", bitCount.ToString(CultureInfo.InvariantCulture));
            TrainingSample training = new() { Dimension = dimension, Rows = rows, Queries = queries };
            BitsCodec codec = (BitsCodec)Codecs.FindFamily(spec).Train(spec, training, CancellationToken.None);
            byte[] chunk = codec.Encode(new EntryRows(dimension, entries.Values, offsets));
            double bytesPerRow = chunk.Length / (double)(cachedCount * rowCount);
            string name = $"{spec}{(codec.HasSegments ? " segments" : "")}";
            foreach (BitScoring scoring in Enum.GetValues<BitScoring>())
            {
                CodeScorer scorer = codec.CreateScorer(query.View, scoring, codec.PlaneCount);
                measurements.Add((Create($"{name} {scoring} cached", scorer, [chunk], cachedCount, rowCount, queryRowCount), bytesPerRow));
            }

            CodeScorer asymmetric = codec.CreateScorer(query.View);
            measurements.Add(
                (Create($"{name} Asymmetric memory", asymmetric, Copies(chunk), cachedCount, rowCount, queryRowCount), bytesPerRow));
        }

        Measurement.RunInTurns([.. measurements.Select(pair => pair.Measurement)], roundCount);
        Console.WriteLine();
        Console.WriteLine($"{title}, one core, {roundCount} rounds");
        Console.WriteLine($"{"variant",-36}{$"{unit} wall",16}{$"{unit} cpu",16}{"spread of cpu",24}{"bytes/row",12}{"allocated",12}");
        foreach ((Measurement measurement, double bytesPerRow) in measurements)
        {
            (double slowest, double fastest) = measurement.ProcessorSpread;
            Console.WriteLine(
                $"{measurement.Name,-36}{Show(measurement.MedianRate),16}{Show(measurement.MedianProcessorRate),16}"
                + $"{$"{Show(slowest)} .. {Show(fastest)}",24}{bytesPerRow,12:f2}{measurement.AllocatedBytesPerOperation,12:f3}");
        }

        string Show(double rate) => unit == "ns/row" ? $"{1e9 / rate:f2}" : $"{rate:n0}";
    }

    private static void AddKernel(
        RowFormat format, MultiVector query, MultiVector entries, int[] offsets,
            List<(Measurement Measurement, double BytesPerRow)> measurements)
    {
        CodecSpec spec = new(format.ToString().ToLowerInvariant(), "");
        TrainingSample none = new() { Dimension = entries.Dimension, Rows = [] };
        EntryCodec codec = Codecs.FindFamily(spec).Train(spec, none, CancellationToken.None);
        byte[] chunk = codec.Encode(new EntryRows(entries.Dimension, entries.Values, offsets));
        CodeScorer scorer = codec.CreateScorer(query.View);
        int count = offsets.Length - 1;
        measurements.Add((
            Create($"{format} cached", scorer, [chunk], count, entries.RowCount / count, query.RowCount),
                chunk.Length / (double)entries.RowCount));
        measurements.Add((
            Create($"{format} memory", scorer, Copies(chunk), count, entries.RowCount / count, query.RowCount),
                chunk.Length / (double)entries.RowCount));
    }

    private static Measurement Create(string name, CodeScorer scorer, byte[][] chunks, int count, int rowCount, int queryRowCount)
    {
        // A few milliseconds a pass: short enough that some rounds run undisturbed.
        double nanoseconds = 0.02 * count * rowCount * queryRowCount * chunks.Length * 5;
        int repetitionCount = chunks.Length > 1 ? 1 : Math.Max(1, (int)(4e6 / nanoseconds));
        float[] scores = new float[count];
        return new Measurement(name, count * chunks.Length * repetitionCount, () =>
        {
            for (int repetition = 0; repetition < repetitionCount; repetition++)
            {
                foreach (byte[] chunk in chunks)
                {
                    scorer.Score(chunk, scores);
                    if (float.IsNaN(scores[0]))
                    {
                        throw new InvalidOperationException("A benchmark entry scored NaN.");
                    }
                }
            }
        });
    }

    private static byte[][] Copies(byte[] chunk) =>
        [.. Enumerable.Range(0, (int)(MemorySetSizeInBytes / chunk.Length) + 1).Select(_ => (byte[])chunk.Clone())];
}
