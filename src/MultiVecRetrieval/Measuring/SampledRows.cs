using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Measuring;

/// <summary>Live entries of a space, drawn evenly, with their rows in memory.</summary>
internal sealed class SampledRows : IEntrySource
{
    private readonly float[] _values;
    private readonly int[] _offsets;

    private SampledRows(int dimension, float[] values, int[] offsets, long totalEntryCount, double storedBytesPerEntry)
    {
        Dimension = dimension;
        _values = values;
        _offsets = offsets;
        TotalEntryCount = totalEntryCount;
        StoredBytesPerEntry = storedBytesPerEntry;
    }

    public int Dimension { get; }

    public int EntryCount => _offsets.Length - 1;

    public int RowCount => _offsets[^1];

    /// <summary>Live entries of the space, sampled or not.</summary>
    public long TotalEntryCount { get; }

    /// <summary>Bytes of packed rows per sampled entry.</summary>
    public double StoredBytesPerEntry { get; }

    public float[] Values => _values;

    public EntryRows All => new(Dimension, _values, _offsets);

    int IEntrySource.CountRows(int entry) => CountRows(entry, 1);

    void IEntrySource.ReadRow(int entry, int row, Span<float> destination) => All[entry].Row(row).CopyTo(destination);

    MultiVector IEntrySource.Read(int entry) => new(Dimension, All[entry].Values.ToArray());

    /// <summary>The rows of some consecutive entries.</summary>
    public EntryRows Slice(int first, int count)
    {
        int[] offsets = new int[count + 1];
        for (int i = 0; i <= count; i++)
        {
            offsets[i] = _offsets[first + i] - _offsets[first];
        }

        return new EntryRows(Dimension, _values.AsSpan(_offsets[first] * Dimension, offsets[^1] * Dimension), offsets);
    }

    public int CountRows(int first, int count) => _offsets[first + count] - _offsets[first];

    /// <param name="set">The segments.</param>
    /// <param name="space">The space.</param>
    /// <param name="limit">Entries at most.</param>
    /// <param name="maxValues">Values in memory at most; fewer entries are taken to stay below.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static SampledRows Read(SegmentSet set, Space space, int limit, long maxValues, CancellationToken cancellationToken)
    {
        List<(SegmentReader Reader, int Index)> live = [.. LiveEntries.List(set, space.Name, skipsDamaged: false)];
        long rows = live.Sum(entry => (long)entry.Reader.Entries[entry.Index].RowCount);

        long byMemory = Math.Max(1, maxValues / Math.Max(1, rows * space.Dimension / live.Count));
        int count = (int)Math.Min(Math.Min(limit, byMemory), live.Count);
        List<float[]> parts = [];
        int[] offsets = new int[count + 1];
        long bytes = 0;
        for (int i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (SegmentReader reader, int index) = live[(int)((long)i * live.Count / count)];
            MultiVector entry = reader.Read(index);
            parts.Add(entry.Values.ToArray());
            offsets[i + 1] = checked(offsets[i] + entry.RowCount);
            bytes += reader.GetRows(index).Length;
        }

        float[] values = new float[offsets[^1] * (long)space.Dimension];
        int position = 0;
        foreach (float[] part in parts)
        {
            part.CopyTo(values, position);
            position += part.Length;
        }

        return new SampledRows(space.Dimension, values, offsets, live.Count, (double)bytes / count);
    }
}
