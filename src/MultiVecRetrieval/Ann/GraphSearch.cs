using System.Numerics;
using System.Numerics.Tensors;

namespace MultiVecRetrieval.Ann;

/// <summary>The working memory of one search, used again and again.</summary>
internal sealed class GraphSearch(int nodeCount, int codeLength, int maxDegree)
{
    private ulong[] _found = [];
    private int _count;

    public GraphWalk Walk { get; } = new(nodeCount, codeLength, maxDegree);

    /// <summary>Room for a rotated query.</summary>
    public float[] Rotated { get; } = new float[codeLength];

    private float[] Shifted => field ??= new float[codeLength];

    /// <summary>The rows found, best first, as <see cref="ScoreKey"/>s.</summary>
    public ReadOnlySpan<ulong> Found => _found.AsSpan(0, _count);

    /// <summary>Fills <see cref="Found"/> with what is nearest to <see cref="Rotated"/>; returns its length.</summary>
    public int Run(HnswGraph graph, int k, int ef, ReadOnlySpan<ulong> wanted)
    {
        if (graph.NodeForm == HnswNodes.Int8)
        {
            Walk.Query.SetVector(Rotated);
            return Run<Int8Scoring>(graph, k, ef, wanted);
        }

        int modality = QueryMeans.Choose(Rotated, graph.GetQueryMean(0), graph.GetQueryMean(1));
        TensorPrimitives.Subtract(Rotated, graph.GetQueryMean(modality), Shifted);
        if (graph.NodeForm == HnswNodes.Signs)
        {
            Walk.Query.Planes.SetSigns(Shifted);
            return Run<SignScoring>(graph, k, ef, wanted);
        }

        Walk.Query.Planes.SetVector(Shifted, modality);
        return graph.NodeForm == HnswNodes.OnePlane
            ? Run<OnePlaneScoring>(graph, k, ef, wanted)
            : Run<TwoPlaneScoring>(graph, k, ef, wanted);
    }

    private int Run<TScoring>(HnswGraph graph, int k, int ef, ReadOnlySpan<ulong> wanted)
        where TScoring : struct, INodeScoring
    {
        _count = 0;
        if (_found.Length < k + 1)
        {
            _found = new ulong[k + 1];
        }

        if (wanted.IsEmpty)
        {
            Walk.Start(ef);
            Walk.Run<TScoring>(graph.Nodes, ef, graph.EntryCount, graph.QueryEntries);
            foreach (ulong key in Walk.Beam)
            {
                if (!AddRows(graph, key, k, wanted))
                {
                    break;
                }
            }

            return _count;
        }

        long wantedCount = 0;
        foreach (ulong word in wanted)
        {
            wantedCount += BitOperations.PopCount(word);
        }

        if (wantedCount == 0)
        {
            return 0;
        }

        // A walk scores about half of a node's links for each node it keeps, and must keep more in proportion to what it must not find.
        double walkCost = (double)ef * graph.Nodes.MaxDegree / 2 * graph.RowCount / wantedCount;
        FilteredWalk? filtered = wantedCount <= walkCost ? null : Filtered;
        if (filtered is null || !filtered.Run<TScoring>(graph, Walk, ef, wanted, wantedCount))
        {
            Scan<TScoring>(graph, k, wanted);
            return _count;
        }

        foreach (ulong key in filtered.Passing)
        {
            if (!AddRows(graph, key, k, wanted))
            {
                break;
            }
        }

        return _count;
    }

    private FilteredWalk Filtered => field ??= new FilteredWalk();

    // False when the node's rows are past the k best, as those of all nodes after it are.
    private bool AddRows(HnswGraph graph, ulong key, int k, ReadOnlySpan<ulong> wanted)
    {
        float score = ScoreKey.GetScore(key);
        if (_count == k && score < ScoreKey.GetScore(_found[k - 1]))
        {
            return false;
        }

        foreach (int row in graph.GetRows(ScoreKey.GetNode(key)))
        {
            if (wanted.IsEmpty || (wanted[row >> 6] >> (row & 63) & 1) != 0)
            {
                Add(ScoreKey.Create(score, row), k);
            }
        }

        return true;
    }

    private void Scan<TScoring>(HnswGraph graph, int k, ReadOnlySpan<ulong> wanted)
        where TScoring : struct, INodeScoring
    {
        ReadOnlySpan<int> nodeOfRow = graph.NodeOfRow;
        for (int i = 0; i < wanted.Length; i++)
        {
            for (ulong word = wanted[i]; word != 0; word &= word - 1)
            {
                int row = (i << 6) + BitOperations.TrailingZeroCount(word);
                Add(ScoreKey.Create(TScoring.Score(Walk.Query, graph.Nodes, nodeOfRow[row]), row), k);
            }
        }
    }

    private void Add(ulong key, int k)
    {
        if (_count == k && key > _found[k - 1])
        {
            return;
        }

        int place = _found.AsSpan(0, _count).BinarySearch(key);
        place = place < 0 ? ~place : place;
        _found.AsSpan(place, _count - place).CopyTo(_found.AsSpan(place + 1));
        _found[place] = key;
        _count = Math.Min(_count + 1, k);
    }
}
