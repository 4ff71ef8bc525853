using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Ann;

/// <summary>The working memory of one best-first walk over a graph, used again and again: nothing is allocated once it has grown.</summary>
internal sealed unsafe class GraphWalk
{
    private readonly byte[] _visited;
    private readonly int[] _fresh;
    private ulong[] _beam = new ulong[64];
    private int _count;
    private byte _epoch;

    public GraphWalk(int nodeCount, int codeLength, int maxDegree)
    {
        _visited = new byte[nodeCount];
        _fresh = new int[maxDegree];
        Query = new GraphQuery(codeLength);
    }

    /// <summary>What nodes are compared with.</summary>
    public GraphQuery Query { get; }

    /// <summary>The best nodes found, best first, as <see cref="ScoreKey"/>s whose flag says nothing.</summary>
    public ReadOnlySpan<ulong> Beam => _beam.AsSpan(0, _count);

    /// <summary>Nodes scored since the last <see cref="Start"/>.</summary>
    public long ScoredCount { get; private set; }

    /// <summary>Forgets the last walk.</summary>
    public void Start(int ef)
    {
        _count = 0;
        ScoredCount = 0;
        if (_beam.Length < ef + 1)
        {
            _beam = new ulong[ef + 1];
        }

        if (++_epoch == 0)
        {
            Array.Clear(_visited);
            _epoch = 1;
        }
    }

    /// <summary>True the first time that a walk comes to <paramref name="node"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Visit(int node)
    {
        ref byte visited = ref _visited[node];
        if (visited == _epoch)
        {
            return false;
        }

        visited = _epoch;
        return true;
    }

    /// <summary>Walks from the entry points to the best <paramref name="ef"/> nodes that following links from the best finds.</summary>
    /// <param name="nodes">The graph.</param>
    /// <param name="ef">Nodes kept; the walk ends when all of them were followed.</param>
    /// <param name="entryCount">The first nodes of the table, where every walk begins.</param>
    /// <param name="entries">More nodes where it begins.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TScoring>(in NodeTable nodes, int ef, int entryCount, ReadOnlySpan<int> entries)
        where TScoring : struct, INodeScoring
    {
        for (int node = 0; node < entryCount; node++)
        {
            if (Visit(node))
            {
                Offer(ScoreKey.Create(TScoring.Score(Query, nodes, node), node), ef);
            }
        }

        foreach (int node in entries)
        {
            if (Visit(node))
            {
                Offer(ScoreKey.Create(TScoring.Score(Query, nodes, node), node), ef);
            }
        }

        ScoredCount += entryCount + entries.Length;
        for (int next = 0; next < _count;)
        {
            ulong key = _beam[next];
            if ((key & ScoreKey.Flag) != 0)
            {
                next++;
                continue;
            }

            _beam[next] = key | ScoreKey.Flag;
            int freshCount = CollectFresh(nodes, ScoreKey.GetNode(key));
            int lowest = next + 1;
            for (int i = 0; i < freshCount; i++)
            {
                int node = _fresh[i];
                lowest = Math.Min(lowest, Offer(ScoreKey.Create(TScoring.Score(Query, nodes, node), node), ef));
            }

            ScoredCount += freshCount;
            next = lowest;
        }
    }

    /// <summary>Unvisited neighbours of a node, marked as visited; their codes are on the way to the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int CollectFresh(in NodeTable nodes, int node)
    {
        // A damaged number of links may not lead out of the record; a damaged link is stopped by the array of visited nodes.
        int degree = Math.Min(nodes.GetDegree(node), nodes.MaxDegree);
        int* links = nodes.GetLinks(node);
        int count = 0;
        for (int i = 0; i < degree; i++)
        {
            int neighbor = links[i];
            if (!Visit(neighbor))
            {
                continue;
            }

            _fresh[count++] = neighbor;
            if (Sse.IsSupported)
            {
                byte* record = nodes.GetRecord(neighbor);
                for (int line = 0; line <= nodes.CodeLength; line += 64)
                {
                    Sse.Prefetch0(record + line);
                }
            }
        }

        return count;
    }

    /// <summary>What the last <see cref="CollectFresh"/> found.</summary>
    public ReadOnlySpan<int> GetFresh(int count) => _fresh.AsSpan(0, count);

    // The place of the key in the beam, or int.MaxValue when it is not among the best.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Offer(ulong key, int ef)
    {
        if (_count == ef && key > _beam[_count - 1])
        {
            return int.MaxValue;
        }

        return Insert(key, ef);
    }

    private int Insert(ulong key, int ef)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_beam[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        Span<ulong> moved = _beam.AsSpan(low, _count - low);
        moved.CopyTo(_beam.AsSpan(low + 1));
        _beam[low] = key;
        _count = Math.Min(_count + 1, ef);
        return low;
    }
}
