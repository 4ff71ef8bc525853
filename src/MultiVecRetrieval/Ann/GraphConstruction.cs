using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>Links the nodes of a graph: batches of nodes walk the graph of those before them, then all links back are added.</summary>
/// <remarks>
/// <para>A batch only reads what the batches before it made, and links back are added target by target in ascending order of their
/// sources, so the graph is the same for any number of threads. A batch is small beside the graph it walks, so that what its nodes do
/// not see of each other matters little.</para>
/// <para>Source: Malkov and Yashunin, arXiv:1603.09320 (links, pruning); ParlayANN, arXiv:2305.04359 (batches); a single layer, as the
/// layers above it bring nothing in many dimensions: arXiv:2412.01940.</para>
/// </remarks>
internal sealed unsafe class GraphConstruction
{
    // A batch is at most this part of the graph it walks.
    private const int BatchDivisor = 32;
    private const int MaxBatchLength = 8192;

    // Nodes of a batch do not see each other, and there is one layer: a walk that keeps so many times the candidates of hnswlib makes a
    // graph in which searches find as much as in hnswlib's of the same efConstruction, in half its time ('mvr bench dense' has both).
    private const double WalkFactor = 1.6;

    private readonly NodeTable _nodes;
    private readonly int _count;
    private readonly HnswOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly GraphWalk?[] _walks;
    private readonly float[] _distances;
    private readonly int _maxDegree;
    private readonly int _walkLength;

    public GraphConstruction(GraphNodes nodes, HnswOptions options, ParallelOptions parallel)
    {
        _nodes = nodes.Table;
        _count = nodes.Count;
        _options = options;
        _walkLength = (int)Math.Min(Math.Max(1, _count), WalkFactor * options.EfConstruction);
        _parallel = parallel;
        _walks = new GraphWalk?[options.Threads];
        _maxDegree = nodes.Table.MaxDegree;
        _distances = new float[checked(_count * _maxDegree)];
    }

    /// <summary>The number of nodes, the first of the table, where a walk begins.</summary>
    public static int GetEntryCount(int nodeCount) => Math.Min(nodeCount, Math.Clamp((int)Math.Sqrt(nodeCount) / 2, 16, 256));

    /// <summary>Squared distance of two nodes.</summary>
    private float GetDistance(int x, int y)
    {
        int sum = Int8Dot.Compute(ref *_nodes.GetCodes(x), ref *_nodes.GetCodes(y), _nodes.CodeLength);
        return GetDistance(_nodes.GetNorm(x), (2 * _nodes.GetScale(x) * _nodes.GetScale(y) * sum) - _nodes.GetNorm(y));
    }

    // The score of a walk is 2⟨x, y⟩ − ‖y‖².
    private static float GetDistance(float norm, float score) => norm - score;

    public void Run()
    {
        for (int first = 1; first < _count;)
        {
            _parallel.CancellationToken.ThrowIfCancellationRequested();
            int length = Math.Min(_count - first, Math.Clamp(first / BatchDivisor, 1, MaxBatchLength));
            InsertBatch(first, length);
            first += length;
        }
    }

    private void InsertBatch(int first, int length)
    {
        ForEachThread(length, (walk, i) => Link(walk, first, first + i));

        // Links back, by target and then by source.
        ulong[] back = new ulong[length * _options.M];
        int count = 0;
        for (int source = first; source < first + length; source++)
        {
            for (int i = 0; i < _nodes.GetDegree(source); i++)
            {
                back[count++] = ((ulong)(uint)_nodes.GetLinks(source)[i] << 32) | ((uint)(source - first) << 8) | (uint)i;
            }
        }

        back.AsSpan(0, count).Sort();
        List<int> starts = [];
        for (int i = 0; i < count; i++)
        {
            if (i == 0 || back[i] >> 32 != back[i - 1] >> 32)
            {
                starts.Add(i);
            }
        }

        starts.Add(count);
        ForEachThread(starts.Count - 1, (_, i) => LinkBack(back.AsSpan(starts[i]..starts[i + 1]), first));
    }

    // Follows the links from the best candidates of a new node to the M that no kept one is closer to.
    private void Link(GraphWalk walk, int graphCount, int node)
    {
        walk.Query.SetNode(_nodes, node);
        walk.Start(_walkLength);
        walk.Run<Int8Scoring>(_nodes, _walkLength, GetEntryCount(graphCount), []);
        float norm = _nodes.GetNorm(node);
        int degree = 0;
        foreach (ulong key in walk.Beam)
        {
            int candidate = ScoreKey.GetNode(key);
            float distance = GetDistance(norm, ScoreKey.GetScore(key));
            if (!IsDiverse(node, candidate, distance, degree))
            {
                continue;
            }

            SetLink(node, degree++, candidate, distance);
            if (degree == _options.M)
            {
                break;
            }
        }

        _nodes.GetDegree(node) = degree;
    }

    private void LinkBack(ReadOnlySpan<ulong> back, int first)
    {
        int target = (int)(back[0] >> 32);
        int degree = _nodes.GetDegree(target);
        if (degree + back.Length <= _maxDegree)
        {
            foreach (ulong link in back)
            {
                (int source, float distance) = GetSource(link, first);
                SetLink(target, degree++, source, distance);
            }

            _nodes.GetDegree(target) = degree;
            return;
        }

        ulong[] candidates = new ulong[degree + back.Length];
        for (int i = 0; i < degree; i++)
        {
            candidates[i] = ScoreKey.Create(-GetLinkDistance(target, i), _nodes.GetLinks(target)[i]);
        }

        for (int i = 0; i < back.Length; i++)
        {
            (int source, float distance) = GetSource(back[i], first);
            candidates[degree + i] = ScoreKey.Create(-distance, source);
        }

        candidates.AsSpan().Sort();
        degree = 0;
        foreach (ulong key in candidates)
        {
            float distance = -ScoreKey.GetScore(key);
            if (degree < _maxDegree && IsDiverse(target, ScoreKey.GetNode(key), distance, degree))
            {
                SetLink(target, degree++, ScoreKey.GetNode(key), distance);
            }
        }

        _nodes.GetDegree(target) = degree;
    }

    // A candidate stays unless a kept link is at most as far from it as the node is: a walk gets there through that one.
    private bool IsDiverse(int node, int candidate, float distance, int degree)
    {
        int* links = _nodes.GetLinks(node);
        for (int i = 0; i < degree; i++)
        {
            if (GetDistance(candidate, links[i]) <= distance)
            {
                return false;
            }
        }

        return true;
    }

    private (int Source, float Distance) GetSource(ulong link, int first)
    {
        int source = first + (int)((uint)link >> 8);
        return (source, GetLinkDistance(source, (int)(link & 0xFF)));
    }

    private float GetLinkDistance(int node, int index) => _distances[(node * _maxDegree) + index];

    private void SetLink(int node, int index, int target, float distance)
    {
        _nodes.GetLinks(node)[index] = target;
        _distances[(node * _maxDegree) + index] = distance;
    }

    // Work items in ranges; each thread keeps its walk, as the array of visited nodes is large.
    private void ForEachThread(int count, Action<GraphWalk, int> body)
    {
        const int RangeLength = 16;
        int threads = Math.Min(_options.Threads, (count + RangeLength - 1) / RangeLength);
        int taken = 0;
        void Work(int thread)
        {
            GraphWalk walk = _walks[thread] ??= new GraphWalk(_count, _nodes.CodeLength, _maxDegree);
            for (int start = Interlocked.Add(ref taken, RangeLength) - RangeLength; start < count;
                start = Interlocked.Add(ref taken, RangeLength) - RangeLength)
            {
                for (int i = start; i < Math.Min(count, start + RangeLength); i++)
                {
                    body(walk, i);
                }
            }
        }

        if (threads <= 1)
        {
            Work(0);
        }
        else
        {
            Parallel.For(0, threads, _parallel, Work);
        }
    }
}
