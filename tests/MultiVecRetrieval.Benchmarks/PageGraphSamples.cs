using System.Runtime.InteropServices;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization.Codes;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Generated pages, queries about them with their exact answers, and the rows that graphs are built over.</summary>
internal sealed class PageGraphSamples
{
    public const int Dimension = 128;
    public const int RowCount = PageVectors.DefaultRowCount;
    public const int QueryRowCount = 20;
    public const int Top = 10;
    public const int CentroidCount = 256;

    private const int PageLength = RowCount * Dimension;
    private const int PageSize = PageLength * sizeof(float);

    private readonly byte[] _packed;

    public PageGraphSamples(int pageCount, int queryCount)
    {
        PageCount = pageCount;
        PageVectors generator = new(seed: 1, Dimension);
        Rows = new float[pageCount * PageLength];
        _packed = new byte[pageCount * PageSize];
        Parallel.For(0, pageCount, page =>
        {
            MultiVector rows = generator.GetPage(page);
            rows.Values.CopyTo(Rows.AsSpan(page * PageLength));
            PackedRows.Pack(RowFormat.Float32, rows.View, _packed.AsSpan(page * PageSize, PageSize));
        });
        Queries = [.. Enumerable.Range(0, queryCount)
            .Select(i => generator.GetQuery(i, (int)(i * 2_654_435_761L % pageCount), QueryRowCount))];
        Truth = new int[queryCount][];
        Parallel.For(0, queryCount, i => Truth[i] = Rerank(i, [.. Enumerable.Range(0, pageCount)]));
        KMeansOptions options = new() { IsSpherical = true, Threads = Environment.ProcessorCount };
        Codebook = new Codebook(Dimension, KMeans.Train(Dimension, Rows, CentroidCount, options), isSpherical: true);
    }

    public int PageCount { get; }

    /// <summary>[pages × rows × d].</summary>
    public float[] Rows { get; }

    public MultiVector[] Queries { get; }

    /// <summary>The ten best pages of each query by exact MaxSim.</summary>
    public int[][] Truth { get; }

    public Codebook Codebook { get; }

    /// <summary>The ten best of some pages by exact MaxSim of all their rows.</summary>
    public int[] Rerank(int query, int[] pages)
    {
        MaxSimScorer scorer = new(Queries[query].View, RowFormat.Float32);
        TopK best = new(Top);
        foreach (int page in pages)
        {
            best.Add(page, scorer.Score(_packed.AsSpan(page * PageSize, PageSize), RowCount));
        }

        return [.. best.ToSortedArray().Select(found => found.Id)];
    }

    /// <summary>The rows of all pages that a reduction keeps, as they are or each as its centroid, and the page of each.</summary>
    public (float[] Rows, int[] Pages) GetRows(string reduction, bool isDecoded)
    {
        RowReducer reducer = Reductions.Parse(reduction);
        float[][] kept = new float[PageCount][];
        Parallel.For(0, PageCount, page =>
        {
            kept[page] =
                reducer.Reduce(
                new ReductionSource { Rows = new MultiVectorView(Dimension, Rows.AsSpan(page * PageLength, PageLength)) }).Values;
            if (isDecoded)
            {
                kept[page] = [.. Codebook.Encode(kept[page]).SelectMany(code => Codebook[code].ToArray())];
            }
        });
        return ([.. kept.SelectMany(values => values)],
            [.. kept.SelectMany((values, page) => Enumerable.Repeat(page, values.Length / Dimension))]);
    }

    /// <summary>The share of the exact ten that were found.</summary>
    public double GetRecall(int[][] found) => found.Zip(Truth, (mine, theirs) => (double)mine.Intersect(theirs).Count() / Top).Average();

    /// <summary>Writes rows as .fvecs: per row its width as int32, then its values.</summary>
    public static void Write(string path, float[] rows)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        for (int first = 0; first < rows.Length; first += Dimension)
        {
            file.Write(BitConverter.GetBytes(Dimension));
            file.Write(MemoryMarshal.AsBytes(rows.AsSpan(first, Dimension)));
        }
    }
}
