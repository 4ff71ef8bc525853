using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Codes;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>
/// First the time to train centroids. Then, one operation is the MaxSim of a query of 20 rows with the codes of one page of 1,030 rows, on
/// one core, over a million pages in memory. The baseline is the loop that defines it: per query row the greatest value of a table over the
/// page's codes.
/// </summary>
/// <remarks>
/// Pages are spliced from pages of <see cref="PageVectors"/>: the beginning of one and the rest of another, at a random row. Scores of all
/// variants are compared with those of the loop, bit for bit, over all pages.
/// </remarks>
internal static class CodesBenchmark
{
    private const int Dimension = 128;
    private const int RowCount = PageVectors.DefaultRowCount;
    private const int QueryRowCount = 20;
    private const int BasePageCount = 1_000;
    private const int LoopPageCount = 65_536;
    private const int ListPageCount = 131_072;

    /// <summary>Prints the tables.</summary>
    public static int Run(string[] options)
    {
        int pageCount = 1_000_000;
        int roundCount = 5;
        bool hasTraining = true;
        bool isOfGraphs = false;
        int[] centroidCounts = [256, 4_096];
        for (int i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--pages" when i + 1 < options.Length:
                    pageCount = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--rounds" when i + 1 < options.Length:
                    roundCount = int.Parse(options[++i], CultureInfo.InvariantCulture);
                    break;
                case "--centroids" when i + 1 < options.Length:
                    centroidCounts = [int.Parse(options[++i], CultureInfo.InvariantCulture)];
                    break;
                case "--graphs":
                    (isOfGraphs, pageCount) = (true, 120);
                    break;
                case "--no-training":
                    hasTraining = false;
                    break;
                default:
                    Console.Error.WriteLine(
                        $"Unknown option {options[i]}; codes knows --pages N, --centroids K, --rounds N and --no-training, or --graphs with --pages N after it.");
                    return 2;
            }
        }

        if (isOfGraphs)
        {
            return PageGraphBenchmark.Run(pageCount, queryCount: 50);
        }

        Console.WriteLine(Machine.Describe());
        PageVectors pages = new(seed: 1, Dimension);
        float[] rows = new float[BasePageCount * RowCount * Dimension];
        Parallel.For(0, BasePageCount, page => pages.GetPage(page).Values.CopyTo(rows.AsMemory(page * RowCount * Dimension).Span));
        if (hasTraining)
        {
            Train(rows, 256);
        }

        MultiVector query = pages.GetQuery(0, page: 7, QueryRowCount);
        foreach (int centroidCount in centroidCounts)
        {
            Score(rows, query, centroidCount, centroidCount == 256 ? pageCount : pageCount / 8, roundCount);
        }

        return 0;
    }

    private static void Train(float[] rows, int centroidCount)
    {
        KMeansOptions options = new() { MaxRowsPerCentroid = int.MaxValue, Threads = Environment.ProcessorCount };
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        KMeans.Train(Dimension, rows, centroidCount, options);
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(
            $"k-means: {rows.Length / Dimension:n0} x {Dimension}, K = {centroidCount:n0}, at most {options.Iterations} passes, {options.Threads} threads: "
            + $"{wall.TotalSeconds:f1} s wall, {(Environment.CpuUsage.TotalTime - processor).TotalSeconds:f1} s processor");
    }

    private static void Score(float[] rows, MultiVector query, int centroidCount, int pageCount, int roundCount)
    {
        TrainingSample sample = new() { Dimension = Dimension, Rows = rows, Threads = Environment.ProcessorCount };
        CodeParameters parameters = CodeParameters.Train(default, new CodeArgument(centroidCount, 0), sample, CancellationToken.None);
        int[] baseCodes = new int[BasePageCount * RowCount];
        Parallel.For(0, BasePageCount, page => parameters.First.Encode(rows.AsSpan(page * RowCount * Dimension, RowCount * Dimension))
            .CopyTo(baseCodes, page * RowCount));
        CodePages pages = new(baseCodes, RowCount, centroidCount, pageCount);
        EntryCodec codes = new CodesCodec(new CodecSpec("codes", $"{centroidCount}"), parameters);
        EntryCodec sets = centroidCount <= Codebook.MaxByteCount
            ? new SlicedSetCodec(new CodecSpec("codeset", $"{centroidCount}"), parameters)
            : new CodeListCodec(new CodecSpec("codeset", $"{centroidCount}"), parameters);
        CodeScorer codeScorer = codes.CreateScorer(query.View);
        CodeScorer setScorer = sets.CreateScorer(query.View);
        PlainCodeTable table = PlainCodeTable.Create(new CodeTable(parameters.First, query.View));
        float[] scores = new float[CodePages.ChunkPageCount];
        float[] expected = new float[CodePages.ChunkPageCount];
        for (int chunk = 0; chunk < pages.ChunkCount; chunk++)
        {
            int count = pages.GetPageCount(chunk);
            ScorePlainly(table, pages, chunk, expected);
            codeScorer.Score(pages.CodeChunks[chunk], scores.AsSpan(0, count));
            AssertEqual(expected, scores, count);
            setScorer.Score(pages.SetChunks[chunk], scores.AsSpan(0, count));
            AssertEqual(expected, scores, count);
        }

        TokenLists lists = BuildLists(parameters.First, pages, Math.Min(pages.ChunkCount, ListPageCount / CodePages.ChunkPageCount));
        TokenListsOptions listOptions = new() { ProbeCount = 32, CandidateCount = 100 };
        int loopChunkCount = Math.Min(pages.ChunkCount, LoopPageCount / CodePages.ChunkPageCount);
        byte[] cached = pages.SetChunks[0];
        int[] tenth = [.. Enumerable.Range(0, pages.GetPageCount(0)).Where(page => page % 10 == 3)];
        List<Measurement> measurements =
        [
            new("table loop", CountPages(pages, loopChunkCount),
                () => ForEachChunk(loopChunkCount, chunk => ScorePlainly(table, pages, chunk, scores))),
            new($"codes:{centroidCount}", CountPages(pages, pages.ChunkCount),
                () => ForEachChunk(pages.ChunkCount,
                    chunk => codeScorer.Score(pages.CodeChunks[chunk], scores.AsSpan(0, pages.GetPageCount(chunk))))),
            new($"codeset:{centroidCount}", CountPages(pages, pages.ChunkCount),
                () => ForEachChunk(pages.ChunkCount,
                    chunk => setScorer.Score(pages.SetChunks[chunk], scores.AsSpan(0, pages.GetPageCount(chunk))))),
            new($"codeset:{centroidCount} cached", pages.GetPageCount(0) * 100,
                () => ForEachChunk(100, _ => setScorer.Score(cached, scores.AsSpan(0, pages.GetPageCount(0))))),
            new($"codeset:{centroidCount} one in 10", tenth.Length * 100,
                () => ForEachChunk(100, _ => setScorer.Score(cached, pages.GetPageCount(0), tenth, scores.AsSpan(0, tenth.Length)))),
            new($"lists, 32 of {centroidCount}", lists.EntryCount, () => lists.Search(query.View, listOptions)),
        ];
        Measurement.RunInTurns(measurements, roundCount);
        Console.WriteLine();
        Console.WriteLine(
            $"{QueryRowCount} query rows x {RowCount} codes, K = {centroidCount:n0}, {pageCount:n0} pages, one core, {roundCount} rounds; "
            + $"distinct codes a page {pages.DistinctPercentile(5)} to {pages.DistinctPercentile(95)}, median {pages.DistinctPercentile(50)}; scores identical");
        Console.WriteLine(
            $"{"variant",-26}{"bytes/page",12}{"pages/s wall",16}{"pages/s cpu",16}{"spread of cpu",32}{"vs loop",10}{"bytes/op",10}");
        double[] sizes =
            [pages.CodeBytesPerPage, pages.CodeBytesPerPage, pages.SetBytesPerPage, pages.SetBytesPerPage, pages.SetBytesPerPage,
            (double)lists.Write().Length / lists.EntryCount];
        for (int i = 0; i < measurements.Count; i++)
        {
            Measurement measurement = measurements[i];
            (double slowest, double fastest) = measurement.ProcessorSpread;
            Console.WriteLine(
                $"{measurement.Name,-26}{sizes[i],12:f1}{measurement.MedianRate,16:n0}{measurement.MedianProcessorRate,16:n0}"
                + $"{$"{slowest:n0} .. {fastest:n0}",32}{measurement.MedianProcessorRate / measurements[0].MedianProcessorRate,9:f0}x"
                + $"{measurement.AllocatedBytesPerOperation,10:f2}");
        }

        TokenListsResult found = lists.Search(query.View, listOptions);
        ScoredId[] best = lists.Search(query.View, listOptions with { ProbeCount = centroidCount, CandidateCount = 10 }).Candidates;
        int[] candidates = [.. found.Candidates.Select(x => x.Id)];
        Console.WriteLine(
            $"lists: {lists.EntryCount:n0} pages a search, {found.PostingCount:n0} of {(long)lists.PostingCount * QueryRowCount:n0} postings read, "
            + $"{best.Count(x => candidates.Contains(x.Id))} of the 10 best by code in {listOptions.CandidateCount} candidates");
    }

    private static TokenLists BuildLists(Codebook codebook, CodePages pages, int chunkCount)
    {
        TokenListsBuilder builder = new(codebook);
        for (int chunk = 0; chunk < chunkCount; chunk++)
        {
            CodeChunk view = new(pages.CodeChunks[chunk], pages.GetPageCount(chunk), pages.CodeSize, 0);
            for (int page = 0; page < pages.GetPageCount(chunk); page++)
            {
                int[] codes = new int[RowCount];
                for (int row = 0; row < RowCount; row++)
                {
                    codes[row] = pages.CodeSize == 1 ? view.GetCodes<byte>(page)[row] : view.GetCodes<ushort>(page)[row];
                }

                builder.Add(codes);
            }
        }

        return builder.Build();
    }

    private static int CountPages(CodePages pages, int chunkCount) => Enumerable.Range(0, chunkCount).Sum(pages.GetPageCount);

    private static void ForEachChunk(int count, Action<int> score)
    {
        for (int chunk = 0; chunk < count; chunk++)
        {
            score(chunk);
        }
    }

    private static void ScorePlainly(PlainCodeTable table, CodePages pages, int chunk, float[] scores)
    {
        int count = pages.GetPageCount(chunk);
        CodeChunk view = new(pages.CodeChunks[chunk], count, pages.CodeSize, 0);
        for (int page = 0; page < count; page++)
        {
            scores[page] = pages.CodeSize == 1 ? table.Score(view.GetCodes<byte>(page)) : table.Score(view.GetCodes<ushort>(page));
        }
    }

    private static void AssertEqual(float[] expected, float[] scores, int count)
    {
        if (!expected.AsSpan(0, count).SequenceEqual(scores.AsSpan(0, count)))
        {
            throw new InvalidOperationException("Scores differ from those of the table loop.");
        }
    }
}
