using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>The working memory of one search of inverted lists, used again and again.</summary>
internal sealed unsafe class IvfSearch
{
    // Of two lists at the same distance the wider one holds the better rows: measured, lists ordered with this weight of their radius
    // hold as many of the best rows as 10 to 20 % more lists ordered without.
    private const float RadiusWeight = 0.2f;

    private const int BinCount = 1024;

    private readonly GraphQuery _query;
    private readonly SignTables _tables;
    private readonly float[] _shifted;
    private readonly float[] _estimates = new float[SignTables.BlockCodeCount];
    private readonly float[] _listScores;
    private readonly int[] _bins = new int[BinCount + 1];
    private readonly int[] _order;
    private ulong[] _candidates = [];
    private int _candidateCount;
    private int _rerankCount;
    private float _threshold;
    private int _count;

    public IvfSearch(int codeLength, int listCount)
    {
        _query = new GraphQuery(codeLength);
        _tables = new SignTables(codeLength);
        _shifted = new float[codeLength];
        Rotated = new float[codeLength];
        _listScores = new float[listCount];
        _order = new int[listCount];
    }

    /// <summary>Room for a rotated query.</summary>
    public float[] Rotated { get; }

    /// <summary>The rows found, best first, as <see cref="ScoreKey"/>s.</summary>
    public ReadOnlySpan<ulong> Found => _candidates.AsSpan(0, _count);

    /// <summary>Fills <see cref="Found"/>; returns its length.</summary>
    public int Run(IvfIndex index, int k, int probeCount, int rerankCount, ReadOnlySpan<ulong> wanted)
    {
        _count = 0;
        _query.SetVector(Rotated);
        double probeShare = Math.Min(1, (double)probeCount / index.ListCount);
        if (!wanted.IsEmpty)
        {
            long wantedCount = 0;
            foreach (ulong word in wanted)
            {
                wantedCount += BitOperations.PopCount(word);
            }

            if (wantedCount == 0)
            {
                return 0;
            }

            // As many wanted rows are looked at as rows would be without a filter; when int8 codes of all wanted rows cost less than
            // the signs of so many lists, all of them are scored. An int8 score costs about as much as 16 estimates.
            probeShare *= (double)index.RowCount / wantedCount;
            if (probeShare >= 1 || wantedCount * 16.0 <= probeShare * index.RowCount)
            {
                ScoreWanted(index, k, wanted);
                return _count;
            }
        }

        OrderLists(index);
        Scan(index, probeShare * index.BlockCount, Math.Max(k, rerankCount), wanted);
        KeySelection.Select(_candidates.AsSpan(0, _candidateCount), Math.Min(_candidateCount, _rerankCount));
        Rescore(index, k, Math.Min(_candidateCount, _rerankCount));
        return _count;
    }

    // Lists by descending score, as far as 1,024 bins tell them apart: sorting them all would take longer than scoring them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void OrderLists(IvfIndex index)
    {
        NodeTable centroids = index.Centroids;
        float queryLength = TensorPrimitives.Norm<float>(Rotated);
        float lowest = float.PositiveInfinity;
        float highest = float.NegativeInfinity;
        for (int list = 0; list < _listScores.Length; list++)
        {
            float score = _query.Score(centroids, list) + (RadiusWeight * queryLength * centroids.GetNorm(list));
            _listScores[list] = score;
            lowest = Math.Min(lowest, score);
            highest = Math.Max(highest, score);
        }

        float factor = highest > lowest ? (BinCount - 1) / (highest - lowest) : 0;
        Array.Clear(_bins);
        foreach (float score in _listScores)
        {
            _bins[GetBin(score, highest, factor) + 1]++;
        }

        for (int bin = 0; bin < BinCount; bin++)
        {
            _bins[bin + 1] += _bins[bin];
        }

        for (int list = 0; list < _listScores.Length; list++)
        {
            _order[_bins[GetBin(_listScores[list], highest, factor)]++] = list;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int GetBin(float score, float highest, float factor) => Math.Clamp((int)((highest - score) * factor), 0, BinCount - 1);

    private void Scan(IvfIndex index, double blockCount, int rerankCount, ReadOnlySpan<ulong> wanted)
    {
        _rerankCount = rerankCount;
        Begin(rerankCount);
        _threshold = float.NegativeInfinity;
        int modality = QueryMeans.Choose(Rotated, index.GetQueryMean(0), index.GetQueryMean(1));
        TensorPrimitives.Subtract(Rotated, index.GetQueryMean(modality), _shifted);
        _tables.Set(_shifted);
        ReadOnlySpan<int> firstBlocks = index.FirstBlocks;
        ReadOnlySpan<int> rows = index.Rows;
        int scanned = 0;
        foreach (int list in _order)
        {
            int end = firstBlocks[list + 1];
            float score = _query.Score(index.Centroids, list);
            for (int block = firstBlocks[list]; block < end; block++)
            {
                ScanBlock(index, block, score, modality, rows, wanted);
            }

            scanned += end - firstBlocks[list];
            if (scanned >= blockCount)
            {
                break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanBlock(IvfIndex index, int block, float score, int modality, ReadOnlySpan<int> rows, ReadOnlySpan<ulong> wanted)
    {
        byte* start = index.GetBlock(block);
        _tables.Sum(ref *start, _estimates);
        ref ushort factors = ref *(ushort*)(start + SignTables.GetBlockLength(_shifted.Length));
        nuint offsets = (nuint)(1 + modality) * SignTables.BlockCodeCount;
        ref float estimates = ref _estimates[0];
        Vector512<float> step = Vector512.Create(_tables.Step);
        Vector512<float> minus = Vector512.Create(_tables.Offset);
        Vector512<float> centroid = Vector512.Create(score);
        Vector512<float> threshold = Vector512.Create(_threshold);
        uint better = 0;
        for (nuint i = 0; i < SignTables.BlockCodeCount; i += 16)
        {
            Vector512<float> signed = (Vector512.LoadUnsafe(ref estimates, i) * step) - minus;
            Vector512<float> value = (signed * BFloat16.Load(ref factors, i)) + BFloat16.Load(ref factors, offsets + i) + centroid;
            value.StoreUnsafe(ref estimates, i);
            better |= (uint)Vector512.GreaterThanOrEqual(value, threshold).ExtractMostSignificantBits() << (int)i;
        }

        for (; better != 0; better &= better - 1)
        {
            int i = BitOperations.TrailingZeroCount(better);
            int position = (block * SignTables.BlockCodeCount) + i;
            int row = rows[position];
            if (row >= 0 && (wanted.IsEmpty || (wanted[row >> 6] >> (row & 63) & 1) != 0))
            {
                _candidates[_candidateCount++] = ScoreKey.Create(_estimates[i], position);
            }
        }

        if (_candidateCount > _candidates.Length - SignTables.BlockCodeCount)
        {
            _threshold = ScoreKey.GetScore(Narrow(_rerankCount));
        }
    }

    private void Rescore(IvfIndex index, int k, int count)
    {
        const int Ahead = 4;
        ReadOnlySpan<int> rows = index.Rows;
        for (int i = 0; i < count; i++)
        {
            if (i + Ahead < count && Sse.IsSupported)
            {
                byte* record = index.Records.GetRecord(ScoreKey.GetNode(_candidates[i + Ahead]));
                for (int line = 0; line <= _shifted.Length; line += 64)
                {
                    Sse.Prefetch0(record + line);
                }
            }

            int position = ScoreKey.GetNode(_candidates[i]);
            _candidates[i] = ScoreKey.Create(_query.Score(index.Records, position), rows[position]);
        }

        _candidateCount = count;
        Order(k);
    }

    private void ScoreWanted(IvfIndex index, int k, ReadOnlySpan<ulong> wanted)
    {
        Begin(k);
        ulong last = ulong.MaxValue;
        ReadOnlySpan<int> positions = index.Positions;
        for (int i = 0; i < wanted.Length; i++)
        {
            for (ulong word = wanted[i]; word != 0; word &= word - 1)
            {
                int row = (i << 6) + BitOperations.TrailingZeroCount(word);
                ulong key = ScoreKey.Create(_query.Score(index.Records, positions[row]), row);
                if (key > last)
                {
                    continue;
                }

                _candidates[_candidateCount++] = key;
                if (_candidateCount == _candidates.Length)
                {
                    last = Narrow(k);
                }
            }
        }

        Order(k);
    }

    private void Begin(int kept)
    {
        int capacity = (int)Math.Min(Array.MaxLength, Math.Max(256, 4L * kept) + SignTables.BlockCodeCount);
        if (_candidates.Length < capacity)
        {
            _candidates = new ulong[capacity];
        }

        _candidateCount = 0;
    }

    // Keeps the best; returns the last of them, which others must reach from here on.
    private ulong Narrow(int kept)
    {
        KeySelection.Select(_candidates.AsSpan(0, _candidateCount), kept);
        _candidateCount = kept;
        ulong last = 0;
        foreach (ulong key in _candidates.AsSpan(0, kept))
        {
            last = Math.Max(last, key);
        }

        return last;
    }

    private void Order(int k)
    {
        k = Math.Min(k, _candidateCount);
        KeySelection.Select(_candidates.AsSpan(0, _candidateCount), k);
        _candidates.AsSpan(0, k).Sort();
        _count = k;
    }
}
