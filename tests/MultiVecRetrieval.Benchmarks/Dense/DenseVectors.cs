using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks.Dense;

/// <summary>Pictures, queries of two kinds with their exact answers, and samples of both kinds to build with.</summary>
internal sealed class DenseVectors
{
    /// <summary>Picture queries are like the rows, text queries lie around another mean.</summary>
    public static readonly string[] Kinds = ["picture", "text"];

    // Queries of the samples are about pictures that are not in the base.
    private const int SampleCount = 1000;

    public DenseVectors(DenseOptions options)
    {
        Options = options;
        PictureVectors generator = new(seed: 1, options.Dimension);
        Rows = generator.GetPictures(0, options.Count, Environment.ProcessorCount);
        Queries = [Make(generator, 0, options.QueryCount, isSample: false), Make(generator, 1, options.QueryCount, isSample: false)];
        TextSample = Make(generator, 1, SampleCount, isSample: true);
        Truth = [Answer(Queries[0]), Answer(Queries[1])];
    }

    public DenseOptions Options { get; }

    public float[] Rows { get; }

    /// <summary>By kind, [queries × d].</summary>
    public float[][] Queries { get; }

    public float[] TextSample { get; }

    /// <summary>By kind, [queries × top] rows.</summary>
    public int[][] Truth { get; }

    public ReadOnlySpan<float> GetRow(int row) => Rows.AsSpan(row * Options.Dimension, Options.Dimension);

    public ReadOnlySpan<float> GetQuery(int kind, int query) => Queries[kind].AsSpan(query * Options.Dimension, Options.Dimension);

    /// <summary>Writes .fvecs and .ivecs files: per row its width as int32, then its values.</summary>
    public void Write(string folder)
    {
        WriteRows(Path.Combine(folder, "base.fvecs"), Rows, Options.Dimension);
        for (int kind = 0; kind < Kinds.Length; kind++)
        {
            WriteRows(Path.Combine(folder, $"{Kinds[kind]}.fvecs"), Queries[kind], Options.Dimension);
            WriteRows(Path.Combine(folder, $"{Kinds[kind]}.ivecs"), Truth[kind], Options.Top);
        }
    }

    private static void WriteRows<T>(string path, T[] values, int width)
        where T : unmanaged
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        Span<byte> head = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(head, width);
        for (int first = 0; first < values.Length; first += width)
        {
            file.Write(head);
            file.Write(MemoryMarshal.AsBytes(values.AsSpan(first, width)));
        }
    }

    private float[] Make(PictureVectors generator, int kind, int count, bool isSample)
    {
        float[] queries = new float[count * Options.Dimension];
        Parallel.For(0, count, i =>
        {
            int picture = isSample ? Options.Count + i : (int)(i * 2_654_435_761L % Options.Count);
            Span<float> target = queries.AsSpan(i * Options.Dimension, Options.Dimension);
            int index = isSample ? 1_000_000 + i : i;
            if (kind == 0)
            {
                generator.FillPictureQuery(index, picture, target);
            }
            else
            {
                generator.FillTextQuery(index, picture, target);
            }
        });
        return queries;
    }

    // Rows in runs that stay in the cache for all queries of a thread.
    private int[] Answer(float[] queries)
    {
        const int RunLength = 64;
        int count = queries.Length / Options.Dimension;
        int threads = Environment.ProcessorCount;
        TopK[] tops = [.. Enumerable.Range(0, count).Select(_ => new TopK(Options.Top))];
        Parallel.For(0, threads, thread =>
        {
            for (int first = 0; first < Options.Count; first += RunLength)
            {
                for (int query = thread; query < count; query += threads)
                {
                    ReadOnlySpan<float> values = queries.AsSpan(query * Options.Dimension, Options.Dimension);
                    for (int row = first; row < Math.Min(Options.Count, first + RunLength); row++)
                    {
                        tops[query].Add(row, TensorPrimitives.Dot(values, GetRow(row)));
                    }
                }
            }
        });
        return [.. tops.SelectMany(top => top.ToSortedArray().Select(x => x.Id))];
    }
}
