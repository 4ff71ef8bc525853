using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// One operation is the exact MaxSim of a query with one page, on one core. Cached: the same page again and again, in the L2 cache.
/// Memory: a set of pages of at least 192 MB, each read once a pass. The baseline is two loops over TensorPrimitives.Dot, a pair at a time;
/// the peer is NumKong's MaxSim in the same run. Screened is Float32 with a screen beside the rows, random the same on rows without
/// structure. What only reads the same copies says what memory gives one core, and what only multiplies and adds, as often as an exact
/// score does, how many such instructions it starts.
/// </summary>
internal static class KernelBenchmark
{
    private const long MemorySetSizeInBytes = 192L << 20;

    private static readonly string[] PeerFormats = ["f32", "bf16"];

    private static readonly RowFormat[] Formats = [RowFormat.Float32, RowFormat.Float16, RowFormat.Int8];

    /// <summary>Prints one table per shape.</summary>
    public static int Run(string[] options)
    {
        int roundCount = 9;
        bool hasPeer = true;
        List<(int QueryRowCount, int PageRowCount, int Dimension)> shapes = [];
        for (int i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--rounds" when i + 1 < options.Length:
                    roundCount = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--shape" when i + 1 < options.Length:
                    int[] parts = [.. options[++i].Split('x').Select(x => int.Parse(x, CultureInfo.InvariantCulture))];
                    shapes.Add((parts[0], parts[1], parts[2]));
                    break;
                case "--no-peer":
                    hasPeer = false;
                    break;
                default:
                    Console.Error.WriteLine($"Unknown option {options[i]}; kernels knows --rounds N, --shape QxRxD and --no-peer.");
                    return 2;
            }
        }

        if (shapes.Count == 0)
        {
            shapes = [(20, 1030, 128), (4, 520, 128)];
        }

        Console.WriteLine(Machine.Describe());
        NumKongPeer? peer = hasPeer ? NumKongPeer.Load() : null;
        if (peer is not null)
        {
            Console.WriteLine($"NumKong: {peer.Instructions}");
        }

        foreach ((int queryRowCount, int pageRowCount, int dimension) in shapes)
        {
            RunShape(queryRowCount, pageRowCount, dimension, roundCount, peer);
        }

        return 0;
    }

    private static void RunShape(int queryRowCount, int pageRowCount, int dimension, int roundCount, NumKongPeer? peer)
    {
        PageVectors vectors = new(seed: 1, dimension);

        // Generated pages have more rows than that; of shorter ones, as of one picture, only the first are taken.
        int generatedRowCount = Math.Max(pageRowCount, 16);
        MultiVector query = vectors.GetQuery(index: 0, page: 0, queryRowCount, generatedRowCount);
        MultiVector page = new(dimension, vectors.GetPage(index: 0, generatedRowCount).Values[..(pageRowCount * dimension)].ToArray());
        double operations = 2.0 * queryRowCount * pageRowCount * dimension;

        // About 5 ms a pass for cached pages: short enough that some rounds run undisturbed.
        int cachedCount = Math.Max(1, (int)(5e-3 * 40e9 / operations));
        List<Measurement> measurements =
        [
            PlainLoop("cached", query, [page.Values.ToArray()], cachedCount),
            PlainLoop("memory", query, Copies(page.Values.ToArray()), repetitionCount: 1),
        ];
        if (Vector512.IsHardwareAccelerated)
        {
            measurements.Add(MultiplyAdds((long)(operations / 2) / Vector512<float>.Count, cachedCount));
        }

        foreach (RowFormat format in Formats)
        {
            Memory<byte> packed = Pack(format, page);
            MaxSimScorer scorer = new(query.View, format);
            measurements.Add(Kernel("cached", scorer, [packed], pageRowCount, cachedCount));
            Memory<byte>[] copies = Copies(packed);
            measurements.Add(Kernel("memory", scorer, copies, pageRowCount, repetitionCount: 1));
            measurements.Add(Reading($"{format} only read, memory", copies));
        }

        measurements.AddRange(ScreenedKernels("Screened", query, page, cachedCount));
        MultiVector random = new(dimension, RandomUnitRows(pageRowCount, dimension));
        measurements.Add(ScreenedKernels("Screened random", query, random, cachedCount)[0]);
        foreach (string format in peer is null ? [] : PeerFormats)
        {
            measurements.Add(peer!.Measure(format, "cached", query, page, setSizeInBytes: 0, cachedCount));
            measurements.Add(peer.Measure(format, "memory", query, page, MemorySetSizeInBytes, repetitionCount: 1));
        }

        Measurement.RunInTurns(measurements, roundCount);
        Console.WriteLine();
        Console.WriteLine($"{queryRowCount} query rows x {pageRowCount} page rows x {dimension}, one core, {roundCount} rounds");
        Console.WriteLine(
            $"{"variant",-24}{"pages/s wall",14}{"pages/s cpu",14}{"spread of cpu",22}{"Gop/s",8}{"GB/s",7}{"vs plain",10}{"vs NumKong",12}{"bytes/op",10}");
        foreach (Measurement measurement in measurements)
        {
            Measurement plain = measurements[measurement.Name.EndsWith("cached", StringComparison.Ordinal) ? 0 : 1];
            string place = measurement.Name.Split(' ')[^1];
            double best =
                measurements.Where(other => other.Name.StartsWith("NumKong", StringComparison.Ordinal)
                && other.Name.EndsWith(place, StringComparison.Ordinal))
                .Select(other => other.MedianProcessorRate).DefaultIfEmpty(double.NaN).Max();
            (double slowest, double fastest) = measurement.ProcessorSpread;
            Console.WriteLine(
                $"{measurement.Name,-24}{measurement.MedianRate,14:n0}{measurement.MedianProcessorRate,14:n0}"
                + $"{$"{slowest:n0} .. {fastest:n0}",22}{measurement.MedianProcessorRate * operations / 1e9,8:f1}"
                + $"{GetBytesRead(measurement.Name, pageRowCount, dimension) * measurement.MedianProcessorRate / 1e9,7:f1}"
                + $"{measurement.MedianProcessorRate / plain.MedianProcessorRate,9:f1}x{measurement.MedianProcessorRate / best,11:f2}x{measurement.AllocatedBytesPerOperation,10:f2}");
        }
    }

    // NaN where what is read depends on the query, or is a peer's own.
    private static double GetBytesRead(string name, int rowCount, int dimension) =>
        name.StartsWith("plain", StringComparison.Ordinal) ? (double)rowCount * dimension * sizeof(float)
        : Enum.TryParse(name.Split(' ')[0], out RowFormat format) ? PackedRows.GetSizeInBytes(format, rowCount, dimension)
        : double.NaN;

    private static Measurement PlainLoop(string place, MultiVector query, float[][] pages, int repetitionCount)
    {
        int dimension = query.Dimension;
        return new Measurement($"plain Dot loop {place}", pages.Length * repetitionCount, () =>
        {
            for (int repetition = 0; repetition < repetitionCount; repetition++)
            {
                foreach (float[] page in pages)
                {
                    Consume(ScorePlainly(query, page, dimension));
                }
            }
        });
    }

    private static float ScorePlainly(MultiVector query, float[] page, int dimension)
    {
        float score = 0;
        for (int i = 0; i < query.RowCount; i++)
        {
            float best = float.NegativeInfinity;
            for (int offset = 0; offset < page.Length; offset += dimension)
            {
                best = MathF.Max(best, TensorPrimitives.Dot(query.Row(i), page.AsSpan(offset, dimension)));
            }

            score += best;
        }

        return score;
    }

    private static Measurement Kernel(string place, MaxSimScorer scorer, Memory<byte>[] pages, int rowCount, int repetitionCount) =>
        new($"{scorer.Format} {place}", pages.Length * repetitionCount, () =>
        {
            for (int repetition = 0; repetition < repetitionCount; repetition++)
            {
                foreach (Memory<byte> page in pages)
                {
                    Consume(scorer.Score(page.Span, rowCount));
                }
            }
        });

    // What memory gives a core that does nothing but read, 256 bytes a turn.
    private static Measurement Reading(string name, Memory<byte>[] pages) => new(name, pages.Length, () =>
    {
        Vector512<byte> a = default, b = default, c = default, d = default;
        foreach (Memory<byte> page in pages)
        {
            ref byte start = ref MemoryMarshal.GetReference(page.Span);
            for (nuint offset = 0; offset + 256 <= (nuint)page.Length; offset += 256)
            {
                a ^= Vector512.LoadUnsafe(ref start, offset);
                b ^= Vector512.LoadUnsafe(ref start, offset + 64);
                c ^= Vector512.LoadUnsafe(ref start, offset + 128);
                d ^= Vector512.LoadUnsafe(ref start, offset + 192);
            }
        }

        Consume((a ^ b ^ c ^ d).GetElement(0));
    });

    // The instructions of a Float32 score without its loads: twelve sums in flight, more than an instruction's latency.
    private static Measurement MultiplyAdds(long instructionCount, int repetitionCount) =>
        new("only FMA cached", repetitionCount, () =>
        {
            Vector512<float> a = default, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
            Vector512<float> factor = Vector512.Create(0.5f);
            Vector512<float> term = Vector512.Create(0.25f);
            for (long n = instructionCount * repetitionCount / 12; n > 0; n--)
            {
                a = Vector512.FusedMultiplyAdd(a, factor, term);
                b = Vector512.FusedMultiplyAdd(b, factor, term);
                c = Vector512.FusedMultiplyAdd(c, factor, term);
                d = Vector512.FusedMultiplyAdd(d, factor, term);
                e = Vector512.FusedMultiplyAdd(e, factor, term);
                f = Vector512.FusedMultiplyAdd(f, factor, term);
                g = Vector512.FusedMultiplyAdd(g, factor, term);
                h = Vector512.FusedMultiplyAdd(h, factor, term);
                i = Vector512.FusedMultiplyAdd(i, factor, term);
                j = Vector512.FusedMultiplyAdd(j, factor, term);
                k = Vector512.FusedMultiplyAdd(k, factor, term);
                l = Vector512.FusedMultiplyAdd(l, factor, term);
            }

            Consume(Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l));
        });

    // Float32 rows and beside them a screen; the same scores as Float32.
    private static List<Measurement> ScreenedKernels(string name, MultiVector query, MultiVector page, int cachedCount)
    {
        Memory<byte> packed = Pack(RowFormat.Float32, page);
        EncodedScreen screen = new(page);
        ScreenedMaxSimScorer scorer = new(query.View);
        float expected = new MaxSimScorer(query.View, RowFormat.Float32).Score(packed.Span, page.RowCount);
        if (scorer.Score(packed.Span, page.RowCount, screen.View, out long pairCount) != expected)
        {
            throw new InvalidOperationException("A screened score differs from the score.");
        }

        Console.WriteLine(
            $"{name}: {packed.Length:n0} bytes a page and {screen.View.Packed.Length + (2 * sizeof(float)):n0} of its screen; "
            + $"{pairCount:n0} of {PackedRows.GetBlockCount(page.RowCount) * query.RowCount:n0} pairs of a query row and 16 page rows are scored in float32.");
        Memory<byte>[] copies = Copies(packed);
        EncodedScreen[] screens = [.. copies.Select(_ => new EncodedScreen(page))];
        return
        [
            Screened($"{name} cached", scorer, [packed], [screen], page.RowCount, cachedCount),
            Screened($"{name} memory", scorer, copies, screens, page.RowCount, repetitionCount: 1),
        ];
    }

    private static Measurement Screened(
        string name, ScreenedMaxSimScorer scorer, Memory<byte>[] pages, EncodedScreen[] screens, int rowCount, int repetitionCount) =>
        new(name, pages.Length * repetitionCount, () =>
        {
            for (int repetition = 0; repetition < repetitionCount; repetition++)
            {
                for (int i = 0; i < pages.Length; i++)
                {
                    Consume(scorer.Score(pages[i].Span, rowCount, screens[i].View));
                }
            }
        });

    private static float[] RandomUnitRows(int rowCount, int dimension)
    {
        Random random = new(Seed: 1);
        float[] values =
            [.. Enumerable.Range(0, rowCount * dimension)
            .Select(_ => random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f)];
        for (int row = 0; row < rowCount; row++)
        {
            Span<float> span = values.AsSpan(row * dimension, dimension);
            TensorPrimitives.Divide(span, TensorPrimitives.Norm<float>(span), span);
        }

        return values;
    }

    // On whole cache lines, as entries lie in a segment file, and as NumKong's pages do.
    private static Memory<byte> Pack(RowFormat format, MultiVector page)
    {
        int size = (int)PackedRows.GetSizeInBytes(format, page.RowCount, page.Dimension);
        Memory<byte> packed = CacheLines.Allocate(size, out int offset).AsMemory(offset, size);
        PackedRows.Pack(format, page.View, packed.Span);
        return packed;
    }

    private static Memory<byte>[] Copies(Memory<byte> page) =>
        [.. Enumerable.Range(0, GetCopyCount(page.Length)).Select(_ =>
        {
            Memory<byte> copy = CacheLines.Allocate(page.Length, out int offset).AsMemory(offset, page.Length);
            page.CopyTo(copy);
            return copy;
        })];

    private static float[][] Copies(float[] page) =>
        [.. Enumerable.Range(0, GetCopyCount(page.Length * sizeof(float))).Select(_ => (float[])page.Clone())];

    private static int GetCopyCount(int sizeInBytes) => (int)(MemorySetSizeInBytes / sizeInBytes) + 1;

    // The JIT may not drop a score that nobody reads.
    private static void Consume(float score)
    {
        if (float.IsNaN(score))
        {
            throw new InvalidOperationException("A benchmark page scored NaN.");
        }
    }
}
