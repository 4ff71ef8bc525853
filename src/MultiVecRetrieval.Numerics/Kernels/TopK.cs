using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Keeps the best k of a stream of scored ids: highest score first, the lower id on a tie.</summary>
/// <remarks>
/// The order of adding does not change what is kept, so parts of a collection can be scored by any number of threads and merged.
/// A bounded binary heap with the worst kept one on top; not safe for concurrent use.
/// </remarks>
public sealed class TopK
{
    private ScoredId[] _heap = [];
    private int _count;

    /// <summary>Keeps up to <paramref name="capacity"/> ids.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public TopK(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        Capacity = capacity;
    }

    /// <summary>k, the most ids that are kept.</summary>
    public int Capacity { get; }

    /// <summary>The number of ids kept so far, at most <see cref="Capacity"/>.</summary>
    public int Count => _count;

    /// <summary>The score that the next one must reach; negative infinity while there is room, NaN never passes once there is
    /// none.</summary>
    public double Threshold => _count < Capacity ? double.NegativeInfinity : _count == 0 ? double.PositiveInfinity : _heap[0].Score;

    /// <summary>Offers an id; true when it is among the best k so far.</summary>
    public bool Add(int id, double score) => Add(new ScoredId(id, score));

    /// <summary>Offers an id; true when it is among the best k so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(ScoredId candidate)
    {
        if (_count < Capacity)
        {
            if (_count == _heap.Length)
            {
                // The heap grows with what is added: a capacity of int.MaxValue ("all of them") costs nothing up front.
                Array.Resize(ref _heap, (int)Math.Min(Capacity, Math.Max(16L, 2L * _count)));
            }

            _heap[_count] = candidate;
            SiftUp(_count++);
            return true;
        }

        if (_count == 0 || candidate >= _heap[0])
        {
            return false;
        }

        _heap[0] = candidate;
        SiftDown();
        return true;
    }

    /// <summary>Offers everything that <paramref name="other"/> keeps.</summary>
    public void Merge(TopK other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (ScoredId candidate in other._heap.AsSpan(0, other._count))
        {
            Add(candidate);
        }
    }

    /// <summary>What is kept, best first.</summary>
    public ScoredId[] ToSortedArray()
    {
        ScoredId[] sorted = _heap[.._count];
        Array.Sort(sorted);
        return sorted;
    }

    private void SiftUp(int index)
    {
        ScoredId moving = _heap[index];
        while (index > 0)
        {
            int parent = (index - 1) / 2;
            if (_heap[parent] >= moving)
            {
                break;
            }

            _heap[index] = _heap[parent];
            index = parent;
        }

        _heap[index] = moving;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SiftDown()
    {
        ScoredId moving = _heap[0];
        int index = 0;
        while (true)
        {
            int child = (2 * index) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _heap[child + 1] > _heap[child])
            {
                child++;
            }

            if (moving >= _heap[child])
            {
                break;
            }

            _heap[index] = _heap[child];
            index = child;
        }

        _heap[index] = moving;
    }
}
