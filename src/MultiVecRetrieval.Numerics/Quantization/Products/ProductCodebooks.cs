using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Clustering;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Products;

/// <summary>The codebooks of a product quantiser: a row is cut into M parts, and each part is one of 2ᴮ centroids of its own.</summary>
/// <remarks>
/// Part m has the dimensions from ⌊m·d/M⌋ to ⌊(m+1)·d/M⌋. Source: Jégou, Douze and Schmid, Product Quantization for Nearest Neighbor
/// Search, 2011.
/// </remarks>
internal sealed class ProductCodebooks
{
    private const int SampleRowCount = 65_536;

    private readonly Centroids[] _parts;
    private readonly float[] _values;

    /// <summary>Codebooks from their values.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="partCount">M.</param>
    /// <param name="codeCount">2ᴮ.</param>
    /// <param name="values">Per part [2ᴮ × its dimensions], d · 2ᴮ in all.</param>
    public ProductCodebooks(int dimension, int partCount, int codeCount, float[] values)
    {
        Dimension = dimension;
        PartCount = partCount;
        CodeCount = codeCount;
        _values = values;
        _parts = new Centroids[partCount];
        double squared = 0;
        for (int part = 0; part < partCount; part++)
        {
            (int start, int end) = GetDimensions(part);
            _parts[part] = new Centroids(end - start, GetPart(part), isSpherical: false);
            double largest = 0;
            for (int code = 0; code < codeCount; code++)
            {
                largest = Math.Max(largest, Rounding.Norm(GetCentroid(part, code)));
            }

            squared += largest * largest;
        }

        LargestNorm = Math.Sqrt(squared);
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>M.</summary>
    public int PartCount { get; }

    /// <summary>2ᴮ.</summary>
    public int CodeCount { get; }

    /// <summary>A length that no restored row exceeds.</summary>
    public double LargestNorm { get; }

    /// <summary>Values of all codebooks.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Trains codebooks, part by part.</summary>
    public static ProductCodebooks Train(TrainingSample sample, int partCount, int codeCount, CancellationToken cancellationToken)
    {
        int d = sample.Dimension;
        float[] values = new float[d * codeCount];
        ParallelOptions options = new() { MaxDegreeOfParallelism = sample.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, partCount, options, part =>
        {
            (int start, int end) = GetDimensions(d, partCount, part);
            int rowCount = Math.Min(sample.RowCount, SampleRowCount);
            float[] rows = new float[rowCount * (end - start)];
            for (int row = 0; row < rowCount; row++)
            {
                // Rows at even steps: a sample is often one page after the other.
                int source = (int)((long)row * sample.RowCount / rowCount);
                sample.Rows.AsSpan((source * d) + start, end - start).CopyTo(rows.AsSpan(row * (end - start)));
            }

            KMeansOptions kMeans =
                new() { IsSpherical = false, Seed = sample.Seed, Iterations = 20, MaxRowsPerCentroid = SampleRowCount / codeCount };
            KMeans.Train(end - start, rows, codeCount, kMeans, cancellationToken).CopyTo(values.AsSpan(start * codeCount));
        });
        return new ProductCodebooks(d, partCount, codeCount, values);
    }

    /// <summary>Finds the codes of rows.</summary>
    /// <param name="rows">[rows × d].</param>
    /// <param name="codes">Takes [rows × M].</param>
    /// <param name="errors">Takes the distance of each row from what is restored.</param>
    public void Quantize(ReadOnlySpan<float> rows, Span<byte> codes, Span<double> errors)
    {
        int rowCount = errors.Length;
        int[] nearest = new int[rowCount];
        float[] values = new float[rowCount * ((Dimension + PartCount - 1) / PartCount)];
        errors.Clear();
        for (int part = 0; part < PartCount; part++)
        {
            (int start, int end) = GetDimensions(part);
            Span<float> partRows = values.AsSpan(0, rowCount * (end - start));
            for (int row = 0; row < rowCount; row++)
            {
                rows.Slice((row * Dimension) + start, end - start).CopyTo(partRows[(row * (end - start))..]);
            }

            _parts[part].FindNearest(partRows, nearest);
            for (int row = 0; row < rowCount; row++)
            {
                codes[(row * PartCount) + part] = (byte)nearest[row];
                double distance = Rounding.Distance(partRows.Slice(row * (end - start), end - start), GetCentroid(part, nearest[row]));
                errors[row] += distance * distance;
            }
        }

        for (int row = 0; row < rowCount; row++)
        {
            errors[row] = Math.Sqrt(errors[row]);
        }
    }

    /// <summary>Computes what each code is worth for a query row.</summary>
    /// <param name="query">d values.</param>
    /// <param name="tables">Takes [M × 2ᴮ].</param>
    public void FillTables(ReadOnlySpan<float> query, Span<double> tables)
    {
        for (int part = 0; part < PartCount; part++)
        {
            (int start, int end) = GetDimensions(part);
            for (int code = 0; code < CodeCount; code++)
            {
                ReadOnlySpan<float> centroid = GetCentroid(part, code);
                double sum = 0;
                for (int k = start; k < end; k++)
                {
                    sum += (double)query[k] * centroid[k - start];
                }

                tables[(part * CodeCount) + code] = sum;
            }
        }
    }

    /// <summary>The parameters of a codec: all values.</summary>
    public byte[] Write() => MemoryMarshal.AsBytes(Values).ToArray();

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are too few or too many, or a value is not finite.</exception>
    public static ProductCodebooks Read(CodecSpec spec, int dimension, int partCount, int codeCount, ReadOnlySpan<byte> parameters)
    {
        long size = (long)dimension * codeCount * sizeof(float);
        if (parameters.Length != size)
        {
            throw new InvalidDataException(
                $"The parameters of {spec} with d = {dimension} take {size} bytes, {parameters.Length} were given.");
        }

        float[] values = MemoryMarshal.Cast<byte, float>(parameters).ToArray();
        return float.IsFinite(TensorPrimitives.MaxMagnitude<float>(values))
            ? new ProductCodebooks(dimension, partCount, codeCount, values)
            : throw new InvalidDataException($"The parameters of {spec} have a value that is NaN or infinite.");
    }

    private static (int Start, int End) GetDimensions(int dimension, int partCount, int part) =>
        ((int)((long)part * dimension / partCount), (int)((part + 1L) * dimension / partCount));

    private (int Start, int End) GetDimensions(int part) => GetDimensions(Dimension, PartCount, part);

    private ReadOnlySpan<float> GetPart(int part)
    {
        (int start, int end) = GetDimensions(part);
        return _values.AsSpan((start * CodeCount)..(end * CodeCount));
    }

    private ReadOnlySpan<float> GetCentroid(int part, int code)
    {
        (int start, int end) = GetDimensions(part);
        return GetPart(part).Slice(code * (end - start), end - start);
    }
}
