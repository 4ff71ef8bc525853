using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>
/// Orders rows so that any prefix is a usable smaller page: each next row is the one that raises Σ_j w_j max_{i in prefix} ⟨r_i, r_j⟩
/// most, so that every row of the page, by its importance w, soon has a near one.
/// </summary>
/// <remarks>
/// The sum is submodular, so that every prefix reaches at least 1 - 1/e of what the best rows of its length would: Nemhauser, Wolsey and
/// Fisher, Mathematical Programming 14, 1978. Gains are evaluated lazily (Minoux 1978): a gain only shrinks, so the highest known one
/// that is still the highest when evaluated again is the true one.
/// </remarks>
internal sealed class OrderReducer(string spec, ImportanceKind kind, int maxStoredRowCount = OrderReducer.MaxStoredRowCount)
    : RowReducer(spec)
{
    // Beyond this many rows similarities are computed again each time: stored they would take more than 64 MB.
    private const int MaxStoredRowCount = 4096;

    public override bool NeedsSaliency => kind == ImportanceKind.Attention;

    public override bool MakesUsablePrefixes => true;

    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        float[] importance = Importance.Compute(kind, source);
        Ordering ordering = new(source.Rows, Importance.ToWeights(importance), isStored: source.Rows.RowCount <= maxStoredRowCount);
        return RowGroups.Pick(source, ordering.Run(Importance.Rank(importance)));
    }

    private sealed class Ordering
    {
        private readonly PaddedRows _rows;
        private readonly PaddedRows? _stored;
        private readonly float[] _computed;
        private readonly PaddedRows _weights;
        private readonly PaddedRows _best;

        public Ordering(MultiVectorView rows, float[] weights, bool isStored)
        {
            int n = rows.RowCount;
            _rows = new PaddedRows(rows);
            _best = new PaddedRows(n, 1);
            _weights = new PaddedRows(n, 1);
            weights.CopyTo(_weights.Row(0));
            _computed = new float[_best.Stride];
            if (!isStored)
            {
                return;
            }

            _stored = new PaddedRows(n, n);
            for (int i = 0; i < n; i++)
            {
                RowKernels.Dots(_rows.Row(i), _rows, 0, _stored.Row(i)[..n]);
            }
        }

        // Of equal gains the row that is ranked first goes first.
        public int[] Run(int[] ranked)
        {
            int[] order = new int[ranked.Length];
            PriorityQueue<int, (float Loss, int Rank)> queue = new(ranked.Length);
            for (int rank = 0; rank < ranked.Length; rank++)
            {
                queue.Enqueue(rank, (-GetGain(ranked[rank]), rank));
            }

            for (int count = 0; count < order.Length;)
            {
                int rank = queue.Dequeue();
                (float Loss, int Rank) current = (-GetGain(ranked[rank]), rank);
                if (queue.TryPeek(out _, out (float Loss, int Rank) next) && next.CompareTo(current) < 0)
                {
                    queue.Enqueue(rank, current);
                    continue;
                }

                order[count++] = ranked[rank];
                RowKernels.Raise(_best.Row(0), GetSimilarities(ranked[rank]));
            }

            return order;
        }

        private float GetGain(int row) => RowKernels.SumOfGains(_best.Row(0), GetSimilarities(row), _weights.Row(0));

        private ReadOnlySpan<float> GetSimilarities(int row)
        {
            if (_stored is not null)
            {
                return _stored.Row(row);
            }

            RowKernels.Dots(_rows.Row(row), _rows, 0, _computed.AsSpan(0, _rows.RowCount));
            return _computed;
        }
    }
}
