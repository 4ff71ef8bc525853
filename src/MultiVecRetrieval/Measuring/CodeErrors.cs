using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Measuring;

/// <summary>How far scores by codes lie from exact ones: of rows of stored entries against their own entry, where any codec should be
/// right.</summary>
internal static class CodeErrors
{
    /// <summary>Entries that say enough: the mean of so many errors varies by a tenth of their spread.</summary>
    private const int EntryCount = 128;

    private const ulong Seed = 0x6472696674; // "drift"

    /// <summary>The mean of |score by codes - exact score| / exact score, one row of each of some live entries; null without any.</summary>
    /// <param name="set">The segments.</param>
    /// <param name="space">The space.</param>
    /// <param name="codec">A codec trained for it.</param>
    /// <param name="isWanted">Which entries, by their ids; the same ones are drawn however they are spread over segments.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    public static double? Measure(SegmentSet set, Space space, EntryCodec codec, Func<long, bool> isWanted,
        CancellationToken cancellationToken)
    {
        List<(ulong Order, SegmentReader Reader, int Index)> drawn =
        [
            .. RowSampler.ListEntries(set, space.Name, Seed)
                .Where(entry => entry.Reader.Entries[entry.Index].RowCount > 0 && isWanted(entry.Reader.Entries[entry.Index].EntryId))
                .OrderBy(entry => entry.Order).Take(EntryCount),
        ];
        List<double> errors = [];
        foreach ((ulong order, SegmentReader reader, int index) in drawn)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (MeasureEntry(codec, reader.Read(index), (int)order) is { } error)
            {
                errors.Add(error);
            }
        }

        return errors.Count == 0 ? null : errors.Average();
    }

    /// <summary>|score by codes - exact score| / exact score of an entry for one of its rows, drawn by a seed; null when the exact score is
    /// not above 0, or one of the two not finite.</summary>
    internal static double? MeasureEntry(EntryCodec codec, MultiVector rows, int seed)
    {
        MultiVectorView query = new(rows.Dimension, rows.Row(new Random(seed).Next(rows.RowCount)));
        float exact = MaxSim.Score(query, rows.View);
        if (!(exact > 0))
        {
            return null;
        }

        float[] scores = new float[1];
        codec.CreateScorer(query).Score(codec.Encode(new EntryRows(rows.Dimension, rows.Values, [0, rows.RowCount])), scores);
        double error = Math.Abs((double)scores[0] - exact) / exact;
        return double.IsFinite(error) ? error : null;
    }
}
