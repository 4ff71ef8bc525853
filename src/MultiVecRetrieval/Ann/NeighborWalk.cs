using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>
/// A best-first walk over a graph with <see cref="NeighborCodes"/>: estimates choose the nodes to follow, and each node that is followed
/// is scored by its own codes. Used again and again.
/// </summary>
internal sealed unsafe class NeighborWalk(int nodeCount, int codeLength)
{
    private readonly byte[] _followed = new byte[nodeCount];
    private readonly SignTables _tables = new(codeLength);
    private readonly float[] _shifted = new float[codeLength];
    private readonly float[] _estimates = new float[SignTables.BlockCodeCount];
    private ulong[] _beam = new ulong[64];
    private ulong[] _best = new ulong[64];
    private int _beamCount;
    private int _bestCount;
    private byte _epoch;

    /// <summary>The best nodes that were followed, best first.</summary>
    public ReadOnlySpan<ulong> Best => _best.AsSpan(0, _bestCount);

    /// <summary>Walks with a query that lies around <paramref name="queryMean"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TScoring>(HnswGraph graph, GraphQuery query, ReadOnlySpan<float> rotated, ReadOnlySpan<float> queryMean, int modality,
        int count, int ef)
        where TScoring : struct, INodeScoring
    {
        for (int i = 0; i < _shifted.Length; i++)
        {
            _shifted[i] = rotated[i] - queryMean[i];
        }

        _tables.Set(_shifted);
        Start(count, ef);
        NodeTable nodes = graph.Nodes;
        for (int node = 0; node < graph.EntryCount; node++)
        {
            Offer(ScoreKey.Create(TScoring.Score(query, nodes, node), node), ef);
        }

        foreach (int node in graph.QueryEntries)
        {
            Offer(ScoreKey.Create(TScoring.Score(query, nodes, node), node), ef);
        }

        for (int next = 0; next < _beamCount;)
        {
            ulong key = _beam[next];
            _beam[next] = key | ScoreKey.Flag;
            int node = ScoreKey.GetNode(key);
            if ((key & ScoreKey.Flag) != 0 || _followed[node] == _epoch)
            {
                next++;
                continue;
            }

            _followed[node] = _epoch;
            PrefetchNext(nodes, next + 1);
            float score = TScoring.Score(query, nodes, node);
            AddBest(ScoreKey.Create(score, node), count);
            next = Math.Min(next + 1, OfferNeighbors(nodes, node, score, modality, ef));
        }
    }

    // The lowest place in the beam that a neighbour got.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int OfferNeighbors(in NodeTable nodes, int node, float score, int modality, int ef)
    {
        int lowest = int.MaxValue;
        int degree = Math.Min(nodes.GetDegree(node), nodes.MaxDegree);
        int* links = nodes.GetLinks(node);
        float* factors = nodes.GetFactors(node);
        float* offsets = nodes.GetOffsets(node, modality);
        byte* signs = nodes.GetSigns(node);
        int blockLength = SignTables.GetBlockLength(_tables.Dimension);
        for (int first = 0; first < degree; first += SignTables.BlockCodeCount)
        {
            _tables.Sum(ref *signs, _estimates);
            signs += blockLength;
            float threshold = _beamCount < ef ? float.NegativeInfinity : ScoreKey.GetScore(_beam[ef - 1]);
            uint better = Estimate(ref *(factors + first), ref *(offsets + first), score, threshold);
            if (degree - first < SignTables.BlockCodeCount)
            {
                better &= (1u << (degree - first)) - 1;
            }

            for (; better != 0; better &= better - 1)
            {
                int i = int.TrailingZeroCount((int)better);
                int neighbor = links[first + i];
                if (_followed[neighbor] != _epoch)
                {
                    lowest = Math.Min(lowest, Offer(ScoreKey.Create(_estimates[i], neighbor), ef));
                }
            }
        }

        return lowest;
    }

    // Turns sums into estimated scores; a bit for each that reaches the threshold.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Estimate(ref float factors, ref float offsets, float score, float threshold)
    {
        ref float estimates = ref _estimates[0];
        Vector512<float> step = Vector512.Create(_tables.Step);
        Vector512<float> minus = Vector512.Create(_tables.Offset);
        Vector512<float> own = Vector512.Create(score);
        uint better = 0;
        for (nuint i = 0; i < SignTables.BlockCodeCount; i += 16)
        {
            Vector512<float> signed = (Vector512.LoadUnsafe(ref estimates, i) * step) - minus;
            Vector512<float> value = (signed * Vector512.LoadUnsafe(ref factors, i)) + Vector512.LoadUnsafe(ref offsets, i) + own;
            value.StoreUnsafe(ref estimates, i);
            better |= (uint)Vector512.GreaterThanOrEqual(value, Vector512.Create(threshold)).ExtractMostSignificantBits() << (int)i;
        }

        return better;
    }

    private void PrefetchNext(in NodeTable nodes, int place)
    {
        while (place < _beamCount && (_beam[place] & ScoreKey.Flag) != 0)
        {
            place++;
        }

        if (place == _beamCount || !Sse.IsSupported)
        {
            return;
        }

        int node = ScoreKey.GetNode(_beam[place]);
        byte* start = nodes.GetRecord(node);
        byte* end = nodes.GetRecord(node + 1);
        for (byte* line = start; line < end; line += 64)
        {
            Sse.Prefetch0(line);
        }
    }

    private void Start(int count, int ef)
    {
        _beamCount = 0;
        _bestCount = 0;
        if (_beam.Length < ef + 1)
        {
            _beam = new ulong[ef + 1];
        }

        if (_best.Length < count + 1)
        {
            _best = new ulong[count + 1];
        }

        if (++_epoch == 0)
        {
            Array.Clear(_followed);
            _epoch = 1;
        }
    }

    private void AddBest(ulong key, int count)
    {
        if (_bestCount == count && key > _best[count - 1])
        {
            return;
        }

        Insert(_best, ref _bestCount, key, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Offer(ulong key, int ef) =>
        _beamCount == ef && key > _beam[ef - 1] ? int.MaxValue : Insert(_beam, ref _beamCount, key, ef);

    private static int Insert(ulong[] keys, ref int count, ulong key, int capacity)
    {
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (keys[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        keys.AsSpan(low, count - low).CopyTo(keys.AsSpan(low + 1));
        keys[low] = key;
        count = Math.Min(count + 1, capacity);
        return low;
    }
}
