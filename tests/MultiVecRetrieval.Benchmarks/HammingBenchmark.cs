using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// The nearest 100 of 10 million codes of 256 bits by Hamming distance, all of them scanned: one query a call, and all queries in one call,
/// on one and two threads, beside FAISS IndexBinaryFlat over the same codes in the same run. Every query's distances must be the same.
/// </summary>
internal static class HammingBenchmark
{
    private const int Top = 100;
    private const int QueryCount = 16;
    private static readonly int[] Threads = [1, 2];

    /// <summary>Prints the table; 1 when the distances differ.</summary>
    public static int Run(string[] options)
    {
        int count = 10_000_000;
        int bitCount = 256;
        for (int i = 0; i < options.Length; i += 2)
        {
            if (i + 1 == options.Length || options[i] is not ("--codes" or "--bits"))
            {
                Console.Error.WriteLine($"Unknown option {options[i]}; hamming knows --codes N and --bits N.");
                return 2;
            }

            int value = int.Parse(options[i + 1], CultureInfo.InvariantCulture);
            (count, bitCount) = options[i] == "--codes" ? (value, bitCount) : (count, value);
        }

        Console.WriteLine(Machine.Describe());
        int size = bitCount / 8;
        byte[] bytes = new byte[(count + QueryCount) * (long)size];
        new Random(Seed: 1).NextBytes(bytes);
        PlaceQueries(bytes, count, size);
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, bytes);
            FaissHammingPeer.Answer? peer = FaissHammingPeer.Run(file, bitCount, count, QueryCount, Top, Threads);
            return Compare(bytes, count, bitCount, peer);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Half of the queries are codes with a few bits turned, the others are anywhere.
    private static void PlaceQueries(byte[] bytes, int count, int size)
    {
        Random random = new(Seed: 2);
        for (int query = 0; query < QueryCount; query += 2)
        {
            Span<byte> target = bytes.AsSpan((count + query) * size, size);
            bytes.AsSpan(random.Next(count) * size, size).CopyTo(target);
            for (int i = 0; i < size; i++)
            {
                target[random.Next(size)] ^= (byte)(1 << random.Next(8));
            }
        }
    }

    private static int Compare(byte[] bytes, int count, int bitCount, FaissHammingPeer.Answer? peer)
    {
        int size = bitCount / 8;
        HammingCodes codes = new(bitCount);
        Stopwatch adding = Stopwatch.StartNew();
        codes.Add(bytes.AsSpan(0, count * size));
        Console.WriteLine(
            $"{count:n0} codes of {bitCount} bits, top {Top}, {QueryCount} queries; added in {adding.Elapsed.TotalSeconds:f1} s");
        byte[] queries = bytes[(count * size)..];
        Console.WriteLine($"{"ms per query",-34}{"one a call",12}{"cpu",10}{"all at once",14}{"cpu",10}");
        bool isSame = true;
        foreach (int threads in Threads)
        {
            codes.Search(queries, Top, threads);
            List<(double Wall, double Processor)> single = [];
            for (int round = 0; round < 2; round++)
            {
                for (int query = 0; query < QueryCount; query++)
                {
                    single.Add(Time(() => codes.Search(queries.AsSpan(query * size, size), Top, threads)));
                }
            }

            ScoredId[][] found = [];
            List<(double Wall, double Processor)> batch =
                [.. Enumerable.Range(0, 5).Select(_ => Time(() => found = codes.Search(queries, Top, threads)))];
            FaissHammingPeer.Timing own = new(
                threads,
                Median(single.Select(time => time.Wall)),
                Median(single.Select(time => time.Processor)),
                Median(batch.Select(time => time.Wall)) / QueryCount,
                Median(batch.Select(time => time.Processor)) / QueryCount);
            Print($"this engine, {threads} threads", own);
            if (peer?.Runs.FirstOrDefault(run => run.Threads == threads) is { } timing)
            {
                Print($"FAISS {peer.Version} IndexBinaryFlat, {threads}", timing);
                Console.WriteLine(
                    $"{"  times faster",-34}{timing.SingleMs / own.SingleMs,12:f1}{timing.SingleProcessorMs / own.SingleProcessorMs,10:f1}"
                    + $"{timing.BatchMs / own.BatchMs,14:f1}{timing.BatchProcessorMs / own.BatchProcessorMs,10:f1}");
                for (int query = 0; query < QueryCount; query++)
                {
                    isSame &= found[query].Select(hit => (int)-hit.Score).SequenceEqual(peer.Distances[query].Order());
                }
            }
        }

        (double plainWall, double plainProcessor) = Time(() => ScanPlainly(bytes, count, size, queries));
        Print("loop over PopCount, 1 thread", new FaissHammingPeer.Timing(1, plainWall, plainProcessor, plainWall, plainProcessor));
        Console.WriteLine(peer is null ? "No peer to compare with." : isSame ? "Distances are identical." : "DISTANCES DIFFER.");
        return isSame ? 0 : 1;
    }

    private static void Print(string name, FaissHammingPeer.Timing timing) => Console.WriteLine(
        $"{name,-34}{timing.SingleMs,12:f1}{timing.SingleProcessorMs,10:f1}{timing.BatchMs,14:f1}{timing.BatchProcessorMs,10:f1}");

    // What a loop with the processor's own instruction takes: FAISS as distributions build it does not use it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScanPlainly(byte[] bytes, int count, int size, byte[] query)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan(0, count * size));
        ReadOnlySpan<ulong> wanted = MemoryMarshal.Cast<byte, ulong>(query.AsSpan(0, size));
        TopK best = new(Top);
        for (int id = 0, word = 0; id < count; id++)
        {
            int distance = 0;
            for (int i = 0; i < wanted.Length; i++)
            {
                distance += BitOperations.PopCount(words[word++] ^ wanted[i]);
            }

            if (-distance > best.Threshold)
            {
                best.Add(id, -distance);
            }
        }
    }

    private static (double Wall, double Processor) Time(Action action)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
