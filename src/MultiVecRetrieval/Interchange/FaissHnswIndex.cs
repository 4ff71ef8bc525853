using System.Numerics.Tensors;
using MultiVecRetrieval.Ann;

namespace MultiVecRetrieval.Interchange;

/// <summary>FAISS IndexHNSWFlat: vectors as they are, and a layered graph over them.</summary>
public sealed class FaissHnswIndex : FaissIndex
{
    internal FaissHnswIndex(FaissFlatIndex storage, HnswLinks links)
    {
        Storage = storage;
        Links = links;
    }

    /// <summary>The vectors.</summary>
    public FaissFlatIndex Storage { get; }

    /// <summary>The graph.</summary>
    public HnswLinks Links { get; }

    /// <inheritdoc/>
    public override int Dimension => Storage.Dimension;

    /// <inheritdoc/>
    public override int Count => Storage.Count;

    /// <summary>The graph of <paramref name="graph"/> over the vectors it was built from, as one level that FAISS walks from its first
    /// node.</summary>
    /// <param name="storage">The vectors that the graph was built from, in the same order.</param>
    /// <param name="graph">A graph over them.</param>
    /// <remarks>A node of equal vectors becomes one vector with the links, and the others hang on it.</remarks>
    /// <exception cref="ArgumentException">The graph is of other vectors.</exception>
    public static FaissHnswIndex Create(FaissFlatIndex storage, HnswGraph graph)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.RowCount != storage.Count || graph.Dimension != storage.Dimension)
        {
            throw new ArgumentException(
                $"The graph is of {graph.RowCount} vectors of d = {graph.Dimension}, given were {storage.Count} of d = {storage.Dimension}.", nameof(graph));
        }

        List<int>[] lists = new List<int>[storage.Count];
        for (int node = 0; node < graph.NodeCount; node++)
        {
            ReadOnlySpan<int> rows = graph.GetRows(node);
            lists[rows[0]] = [];
            foreach (int link in graph.GetLinks(node))
            {
                lists[rows[0]].Add(graph.GetRows(link)[0]);
            }

            // Equal vectors form a chain: none has more than two links more, and a walk that reaches one reaches all.
            for (int i = 1; i < rows.Length; i++)
            {
                lists[rows[i - 1]].Add(rows[i]);
                lists[rows[i]] = [rows[i - 1]];
            }
        }

        Connect(graph, lists);
        return new FaissHnswIndex(storage, HnswLinks.FromLists(lists, graph.NodeCount == 0 ? -1 : graph.GetRows(0)[0]));
    }

    /// <summary>Finds close vectors by a walk over the graph.</summary>
    /// <param name="query">d values.</param>
    /// <param name="k">How many to find.</param>
    /// <param name="ef">Candidates kept while walking; at least k are.</param>
    /// <returns>Up to k vectors, closest first: the value is the inner product or the squared distance.</returns>
    /// <exception cref="ArgumentException">The query has another length.</exception>
    public FaissMatch[] Search(ReadOnlySpan<float> query, int k, int ef)
    {
        if (query.Length != Dimension)
        {
            throw new ArgumentException($"The query has d = {query.Length}, the index d = {Dimension}.", nameof(query));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (Count == 0)
        {
            return [];
        }

        int nearest = Links.EntryPoint;
        float distance = GetDistance(query, nearest);
        for (int level = Links.MaxLevel; level > 0; level--)
        {
            Descend(query, level, ref nearest, ref distance);
        }

        return [.. Walk(query, nearest, distance, Math.Max(ef, k)).Take(k)
            .Select(found => new FaissMatch(found.Index, Sign(found.Distance)))];
    }

    internal override void WriteTo(FaissWriter writer)
    {
        writer.WriteFourCharacters(FaissKind.HnswFlat);
        writer.WriteHeader(Dimension, Count, Storage.Metric);
        Links.WriteTo(writer);
        Storage.WriteTo(writer);
    }

    // Our walks begin at several nodes, those of FAISS at one: a first node that the others do not lead to is linked from the one before
    // it.
    private static void Connect(HnswGraph graph, List<int>[] lists)
    {
        bool[] reached = new bool[lists.Length];
        Stack<int> open = new();
        for (int entry = 0; entry < Math.Min(graph.EntryCount, graph.NodeCount); entry++)
        {
            int row = graph.GetRows(entry)[0];
            if (reached[row])
            {
                continue;
            }

            if (entry > 0)
            {
                lists[graph.GetRows(entry - 1)[0]].Add(row);
            }

            reached[row] = true;
            open.Push(row);
            while (open.TryPop(out int next))
            {
                foreach (int link in lists[next])
                {
                    if (!reached[link])
                    {
                        reached[link] = true;
                        open.Push(link);
                    }
                }
            }
        }
    }

    private float Sign(float distance) => Storage.Metric == FaissMetric.InnerProduct ? -distance : distance;

    private float GetDistance(ReadOnlySpan<float> query, int index)
    {
        ReadOnlySpan<float> vector = Storage[index];
        if (Storage.Metric == FaissMetric.InnerProduct)
        {
            return -TensorPrimitives.Dot(query, vector);
        }

        float distance = TensorPrimitives.Distance(query, vector);
        return distance * distance;
    }

    // Greedy: to the closest neighbour until none is closer.
    private void Descend(ReadOnlySpan<float> query, int level, ref int nearest, ref float distance)
    {
        int last;
        do
        {
            last = nearest;
            foreach (int link in Links.Get(last, level))
            {
                float next = GetDistance(query, link);
                if (next < distance)
                {
                    (nearest, distance) = (link, next);
                }
            }
        }
        while (nearest != last);
    }

    private List<(float Distance, int Index)> Walk(ReadOnlySpan<float> query, int start, float distance, int ef)
    {
        HashSet<int> visited = [start];
        PriorityQueue<int, float> open = new();
        open.Enqueue(start, distance);
        SortedSet<(float Distance, int Index)> best = [(distance, start)];
        while (open.TryDequeue(out int index, out float next))
        {
            if (best.Count == ef && next > best.Max.Distance)
            {
                break;
            }

            foreach (int link in Links.Get(index, 0))
            {
                if (!visited.Add(link))
                {
                    continue;
                }

                float candidate = GetDistance(query, link);
                if (best.Count < ef || candidate < best.Max.Distance)
                {
                    open.Enqueue(link, candidate);
                    best.Add((candidate, link));
                    if (best.Count > ef)
                    {
                        best.Remove(best.Max);
                    }
                }
            }
        }

        return [.. best];
    }
}
