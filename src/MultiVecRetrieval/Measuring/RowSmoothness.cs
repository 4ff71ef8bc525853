using System.Numerics.Tensors;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Measuring;

/// <summary>How much of what tells the rows of an entry apart rows in a row share: most where they are patches of a picture, nothing where
/// they are words.</summary>
internal static class RowSmoothness
{
    /// <summary>From here on four rows in a row may stand for each other in a tier that chooses candidates.</summary>
    public const double Smooth = 0.4;

    private const int SampleEntryCount = 64;

    private const ulong Seed = 0x736d6f6f7468; // "smooth"

    /// <summary>The smoothness of up to 64 entries of a space, the same ones however they are spread over segments.</summary>
    public static double Measure(SegmentSet set, Space space)
    {
        List<(ulong Order, SegmentReader Reader, int Index)> entries =
            [.. RowSampler.ListEntries(set, space.Name, Seed).Where(entry => entry.Reader.Entries[entry.Index].RowCount > 2)];
        entries.Sort((a, b) => a.Order.CompareTo(b.Order));
        return Measure(entries.Take(SampleEntryCount).Select(entry => entry.Reader.Read(entry.Index)));
    }

    /// <summary>
    /// (n - a) / (1 - a), with n the mean cosine of a row and the next one, and a that of any two rows of an entry: 1 when the rows of an
    /// entry are all alike, about 0 when their order says nothing. 0 without entries.
    /// </summary>
    /// <param name="entries">Each of at least two rows.</param>
    public static double Measure(IEnumerable<MultiVector> entries)
    {
        double neighbours = 0;
        double any = 0;
        int count = 0;
        foreach (MultiVector entry in entries)
        {
            (double ofNeighbours, double ofAny) = Measure(entry);
            neighbours += ofNeighbours;
            any += ofAny;
            count++;
        }

        // Rows that are all alike have nothing that could be lost.
        return count == 0 ? 0 : count - any < 1e-6 * count ? 1 : (neighbours - any) / (count - any);
    }

    // The mean cosine of neighbours, and of two different rows: (|Σ u|² - n) / (n² - n) for unit rows u.
    private static (double Neighbours, double Any) Measure(MultiVector rows)
    {
        int count = rows.RowCount;
        float[] unit = new float[rows.Values.Length];
        float[] sum = new float[rows.Dimension];
        double neighbours = 0;
        for (int row = 0; row < count; row++)
        {
            Span<float> target = unit.AsSpan(row * rows.Dimension, rows.Dimension);
            float norm = TensorPrimitives.Norm(rows.Row(row));
            if (norm > 0)
            {
                TensorPrimitives.Divide(rows.Row(row), norm, target);
            }

            TensorPrimitives.Add(sum, target, sum);
            if (row > 0)
            {
                neighbours += TensorPrimitives.Dot(unit.AsSpan((row - 1) * rows.Dimension, rows.Dimension), target);
            }
        }

        return (neighbours / (count - 1),
            (TensorPrimitives.SumOfSquares<float>(sum) - TensorPrimitives.SumOfSquares<float>(unit)) / ((double)count * (count - 1)));
    }
}
