using System.Buffers.Binary;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>How far the rows of an entry are from what their codes stand for: 4 bytes, of which an upper bound follows.</summary>
/// <param name="Spread">One code a row: the least cosine of a row with its centroid, rounded down. Two: the largest distance of a row from
/// the sum of its centroids, rounded up.</param>
/// <param name="MaxNorm">One code a row: the largest length of a row, rounded up. Two: 0.</param>
internal readonly record struct EntryReach(Half Spread, Half MaxNorm)
{
    /// <summary>Bytes in a chunk.</summary>
    public const int SizeInBytes = 4;

    // What float64 rounding may add to a cosine or a length.
    private const double Slack = 1e-12;

    /// <summary>The reach of rows with one code each.</summary>
    public static EntryReach Measure(Codebook codebook, MultiVectorView rows, ReadOnlySpan<int> codes)
    {
        double minCosine = 1;
        double maxNorm = 0;
        for (int row = 0; row < rows.RowCount; row++)
        {
            double norm = Rounding.Norm(rows.Row(row));
            double centroidNorm = Rounding.Norm(codebook[codes[row]]);
            maxNorm = Math.Max(maxNorm, norm);

            // A row of zeros scores 0, which no bound is below. A centroid of zeros has no direction: anything may be in its cell.
            double cosine = norm == 0 ? 1 : centroidNorm == 0 ? -1 : Dot(rows.Row(row), codebook[codes[row]]) / (norm * centroidNorm);
            minCosine = Math.Min(minCosine, cosine - Slack);
        }

        return new EntryReach(Down(Math.Max(-1, minCosine)), Up(maxNorm * (1 + Slack)));
    }

    /// <summary>The reach of rows with two codes each.</summary>
    public static EntryReach Measure(Codebook codebook, Codebook residual, MultiVectorView rows, ReadOnlySpan<int> codes,
        ReadOnlySpan<int> residualCodes)
    {
        double maxDistance = 0;
        for (int row = 0; row < rows.RowCount; row++)
        {
            ReadOnlySpan<float> values = rows.Row(row);
            ReadOnlySpan<float> first = codebook[codes[row]];
            ReadOnlySpan<float> second = residual[residualCodes[row]];
            double sum = 0;
            for (int k = 0; k < values.Length; k++)
            {
                double difference = (double)values[k] - first[k] - second[k];
                sum += difference * difference;
            }

            maxDistance = Math.Max(maxDistance, Math.Sqrt(sum));
        }

        return new EntryReach(Up(maxDistance * (1 + Slack)), default);
    }

    /// <summary>Reads entry <paramref name="index"/> of a table.</summary>
    public static EntryReach Read(ReadOnlySpan<byte> table, int index) => new(
        BinaryPrimitives.ReadHalfLittleEndian(table[(index * SizeInBytes)..]),
        BinaryPrimitives.ReadHalfLittleEndian(table[((index * SizeInBytes) + 2)..]));

    /// <summary>Writes entry <paramref name="index"/> of a table.</summary>
    public void Write(Span<byte> table, int index)
    {
        BinaryPrimitives.WriteHalfLittleEndian(table[(index * SizeInBytes)..], Spread);
        BinaryPrimitives.WriteHalfLittleEndian(table[((index * SizeInBytes) + 2)..], MaxNorm);
    }

    /// <summary>Throws unless every entry of a table can be.</summary>
    /// <exception cref="InvalidDataException">One cannot.</exception>
    public static void Check(ReadOnlySpan<byte> table, int entryCount)
    {
        for (int index = 0; index < entryCount; index++)
        {
            EntryReach reach = Read(table, index);
            if (!((double)reach.Spread >= -1) || !((double)reach.MaxNorm >= 0))
            {
                throw new InvalidDataException($"Entry {index} of a chunk has the spread {reach.Spread} and the length {reach.MaxNorm}.");
            }
        }
    }

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum += (double)x[k] * y[k];
        }

        return sum;
    }

    private static Half Up(double value)
    {
        Half rounded = (Half)value;
        return (double)rounded < value ? Half.BitIncrement(rounded) : rounded;
    }

    private static Half Down(double value)
    {
        Half rounded = (Half)value;
        return (double)rounded > value ? Half.BitDecrement(rounded) : rounded;
    }
}
