using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>Rows of several entries, one after the other, as codecs take them.</summary>
internal sealed class EntryBlock
{
    // A chunk holds so many rows at most, as segments hold them.
    private const int ChunkRowCount = 131_072;

    private readonly int _dimension;
    private readonly float[] _values;
    private readonly int[] _offsets;

    public EntryBlock(int dimension, IReadOnlyList<MultiVector> entries)
    {
        _dimension = dimension;
        _offsets = new int[entries.Count + 1];
        for (int i = 0; i < entries.Count; i++)
        {
            _offsets[i + 1] = _offsets[i] + entries[i].RowCount;
        }

        _values = new float[(long)_offsets[^1] * dimension];
        for (int i = 0; i < entries.Count; i++)
        {
            entries[i].Values.CopyTo(_values.AsSpan(_offsets[i] * dimension));
        }
    }

    public int Dimension => _dimension;

    public int EntryCount => _offsets.Length - 1;

    public int RowCount => _offsets[^1];

    /// <summary>First entry and number of entries of each chunk.</summary>
    public IEnumerable<(int First, int Count)> Chunks()
    {
        for (int first = 0; first < EntryCount;)
        {
            int count = 1;
            while (first + count < EntryCount && _offsets[first + count + 1] - _offsets[first] <= ChunkRowCount)
            {
                count++;
            }

            yield return (first, count);
            first += count;
        }
    }

    public EntryRows Slice(int first, int count)
    {
        int[] offsets = [.. _offsets.AsSpan(first, count + 1).ToArray().Select(offset => offset - _offsets[first])];
        return new EntryRows(_dimension, _values.AsSpan(_offsets[first] * _dimension, offsets[^1] * _dimension), offsets);
    }

    /// <summary>At most so many rows, one from each of equal runs.</summary>
    public float[] Sample(int limit, int seed)
    {
        int count = Math.Min(limit, RowCount);
        Random random = new(seed);
        float[] sample = new float[(long)count * _dimension];
        for (int i = 0; i < count; i++)
        {
            int low = (int)((long)i * RowCount / count);
            int high = (int)((i + 1L) * RowCount / count);
            _values.AsSpan(random.Next(low, high) * _dimension, _dimension).CopyTo(sample.AsSpan(i * _dimension));
        }
        return sample;
    }
}
