using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Ann;

/// <summary>
/// A best-first walk that passes through every node and keeps those with a wanted row. It goes on until it has kept ef of them and no
/// node that it could follow is better than the worst: a filter makes it longer, not blind.
/// </summary>
internal sealed class FilteredWalk
{
    private ulong[] _heap = new ulong[256];
    private ulong[] _passing = new ulong[64];
    private int _heapCount;
    private int _passingCount;

    /// <summary>The best nodes with a wanted row, best first.</summary>
    public ReadOnlySpan<ulong> Passing => _passing.AsSpan(0, _passingCount);

    /// <summary>False when it gave up, as it had scored more nodes than there are wanted rows: scanning those costs less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Run<TScoring>(HnswGraph graph, GraphWalk walk, int ef, ReadOnlySpan<ulong> wanted, long wantedCount)
        where TScoring : struct, INodeScoring
    {
        _heapCount = 0;
        _passingCount = 0;
        if (_passing.Length < ef + 1)
        {
            _passing = new ulong[ef + 1];
        }

        walk.Start(1);
        long scoredCount = 0;
        for (int node = 0; node < graph.EntryCount; node++)
        {
            Score<TScoring>(graph, walk, node, ef, wanted);
        }

        foreach (int node in graph.QueryEntries)
        {
            Score<TScoring>(graph, walk, node, ef, wanted);
        }

        while (_heapCount > 0)
        {
            ulong best = Pop();
            if (_passingCount == ef && best > _passing[ef - 1])
            {
                return true;
            }

            int freshCount = walk.CollectFresh(graph.Nodes, ScoreKey.GetNode(best));
            scoredCount += freshCount;
            if (scoredCount > wantedCount)
            {
                return false;
            }

            foreach (int node in walk.GetFresh(freshCount))
            {
                Offer(graph, ScoreKey.Create(TScoring.Score(walk.Query, graph.Nodes, node), node), ef, wanted);
            }
        }

        return true;
    }

    private static bool IsWanted(HnswGraph graph, int node, ReadOnlySpan<ulong> wanted)
    {
        foreach (int row in graph.GetRows(node))
        {
            if ((wanted[row >> 6] >> (row & 63) & 1) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Score<TScoring>(HnswGraph graph, GraphWalk walk, int node, int ef, ReadOnlySpan<ulong> wanted)
        where TScoring : struct, INodeScoring
    {
        if (walk.Visit(node))
        {
            Offer(graph, ScoreKey.Create(TScoring.Score(walk.Query, graph.Nodes, node), node), ef, wanted);
        }
    }

    private void Offer(HnswGraph graph, ulong key, int ef, ReadOnlySpan<ulong> wanted)
    {
        if (_passingCount == ef && key > _passing[ef - 1])
        {
            return;
        }

        Push(key);
        if (!IsWanted(graph, ScoreKey.GetNode(key), wanted))
        {
            return;
        }

        int place = ~_passing.AsSpan(0, _passingCount).BinarySearch(key);
        _passing.AsSpan(place, _passingCount - place).CopyTo(_passing.AsSpan(place + 1));
        _passing[place] = key;
        _passingCount = Math.Min(_passingCount + 1, ef);
    }

    private void Push(ulong key)
    {
        if (_heapCount == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * _heap.Length);
        }

        int index = _heapCount++;
        for (; index > 0 && _heap[(index - 1) / 2] > key; index = (index - 1) / 2)
        {
            _heap[index] = _heap[(index - 1) / 2];
        }

        _heap[index] = key;
    }

    private ulong Pop()
    {
        ulong best = _heap[0];
        ulong moving = _heap[--_heapCount];
        int index = 0;
        for (int child = 1; child < _heapCount; child = (2 * index) + 1)
        {
            if (child + 1 < _heapCount && _heap[child + 1] < _heap[child])
            {
                child++;
            }

            if (_heap[child] >= moving)
            {
                break;
            }

            _heap[index] = _heap[child];
            index = child;
        }

        _heap[index] = moving;
        return best;
    }
}
