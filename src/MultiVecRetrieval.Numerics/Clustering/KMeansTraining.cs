namespace MultiVecRetrieval.Numerics.Clustering;

/// <summary>One run of Lloyd's algorithm.</summary>
internal sealed class KMeansTraining
{
    // Rows that a thread takes at a time, a multiple of a panel.
    private const int PartRowCount = 960;

    private readonly int _dimension;
    private readonly ReadOnlyMemory<float> _rows;
    private readonly int _rowCount;
    private readonly int _centroidCount;
    private readonly KMeansOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly int[] _cells;
    private readonly float[] _similarities;
    private readonly int[] _rowsByCell;

    /// <summary>Prepares a run over at least <paramref name="centroidCount"/> rows.</summary>
    public KMeansTraining(int dimension, ReadOnlyMemory<float> rows, int centroidCount, KMeansOptions options,
        CancellationToken cancellationToken)
    {
        _dimension = dimension;
        _rows = rows;
        _rowCount = rows.Length / dimension;
        _centroidCount = centroidCount;
        _options = options;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        _cells = new int[_rowCount];
        _similarities = new float[_rowCount];
        _rowsByCell = new int[_rowCount];
        CellOffsets = new int[centroidCount + 1];
    }

    /// <summary>Where the rows of each cell begin among the rows ordered by cell, then their number; of the last pass.</summary>
    public int[] CellOffsets { get; }

    /// <summary>Trains; [k × d].</summary>
    public float[] Run()
    {
        float[] centroids = KMeansSeeding.Choose(_dimension, _rows, _centroidCount, _options, _parallel);
        int[] previous = new int[_rowCount];
        for (int iteration = 0; iteration < _options.Iterations; iteration++)
        {
            _cells.CopyTo(previous, 0);
            Assign(new Centroids(_dimension, centroids, _options.IsSpherical, _options.InstructionSet));
            OrderByCell();
            Update(centroids);
            bool hasRestarted = RestartEmptyCells(centroids);
            if (iteration > 0 && !hasRestarted && previous.AsSpan().SequenceEqual(_cells))
            {
                break;
            }
        }

        return centroids;
    }

    /// <summary>Per cell the sum of the squared distances of its rows from its centroid, at the last pass.</summary>
    public double[] GetCellDistortions()
    {
        double[] distortions = new double[_centroidCount];
        for (int row = 0; row < _rowCount; row++)
        {
            distortions[_cells[row]] += Math.Max(0,
                KMeansSeeding.GetDistance(KMeansSeeding.GetSquaredNorm(Row(row)), _similarities[row], _options.IsSpherical));
        }

        return distortions;
    }

    /// <summary>The rows of a cell, in their order.</summary>
    public float[] GetRowsOfCell(int cell)
    {
        ReadOnlySpan<int> members = _rowsByCell.AsSpan(CellOffsets[cell]..CellOffsets[cell + 1]);
        float[] values = new float[members.Length * _dimension];
        for (int i = 0; i < members.Length; i++)
        {
            Row(members[i]).CopyTo(values.AsSpan(i * _dimension));
        }

        return values;
    }

    private ReadOnlySpan<float> Row(int index) => _rows.Span.Slice(index * _dimension, _dimension);

    private void Assign(Centroids centroids) =>
        Parallel.For(0, (_rowCount + PartRowCount - 1) / PartRowCount, _parallel, part =>
        {
            int first = part * PartRowCount;
            int count = Math.Min(PartRowCount, _rowCount - first);
            centroids.FindNearest(
                _rows.Span.Slice(first * _dimension, count * _dimension), _cells.AsSpan(first, count), _similarities.AsSpan(first, count));
        });

    // A counting sort, so that within a cell rows keep their order.
    private void OrderByCell()
    {
        Array.Clear(CellOffsets);
        foreach (int cell in _cells)
        {
            CellOffsets[cell + 1]++;
        }

        for (int cell = 0; cell < _centroidCount; cell++)
        {
            CellOffsets[cell + 1] += CellOffsets[cell];
        }

        int[] next = CellOffsets[..^1];
        for (int row = 0; row < _rowCount; row++)
        {
            _rowsByCell[next[_cells[row]]++] = row;
        }
    }

    private void Update(float[] centroids) =>
        Parallel.For(0, _centroidCount, _parallel, cell =>
        {
            ReadOnlySpan<int> members = _rowsByCell.AsSpan(CellOffsets[cell]..CellOffsets[cell + 1]);
            if (members.IsEmpty)
            {
                return;
            }

            double[] sum = new double[_dimension];
            foreach (int member in members)
            {
                ReadOnlySpan<float> row = Row(member);
                for (int k = 0; k < row.Length; k++)
                {
                    sum[k] += row[k];
                }
            }

            SetCentroid(centroids.AsSpan(cell * _dimension, _dimension), sum, members.Length);
        });

    private void SetCentroid(Span<float> centroid, ReadOnlySpan<double> sum, int count)
    {
        double divisor = count;
        if (_options.IsSpherical)
        {
            double squaredNorm = 0;
            foreach (double value in sum)
            {
                squaredNorm += value * value;
            }

            divisor = Math.Sqrt(squaredNorm);
        }

        for (int k = 0; k < centroid.Length; k++)
        {
            centroid[k] = divisor > 0 ? (float)(sum[k] / divisor) : 0;
        }
    }

    // The farthest rows take over, farthest first and the lower index on a tie: never one that equals its centroid, for that would stay
    // empty.
    private bool RestartEmptyCells(float[] centroids)
    {
        int emptyCount = 0;
        for (int cell = 0; cell < _centroidCount; cell++)
        {
            emptyCount += CellOffsets[cell] == CellOffsets[cell + 1] ? 1 : 0;
        }

        if (emptyCount == 0)
        {
            return false;
        }

        double[] distances = new double[_rowCount];
        for (int row = 0; row < _rowCount; row++)
        {
            distances[row] = KMeansSeeding.GetDistance(KMeansSeeding.GetSquaredNorm(Row(row)), _similarities[row], _options.IsSpherical);
        }

        int[] farthest = [.. Enumerable.Range(0, _rowCount).Where(row => distances[row] > 0)
            .OrderByDescending(row => distances[row]).ThenBy(row => row).Take(emptyCount)];
        int taken = 0;
        for (int cell = 0; cell < _centroidCount && taken < farthest.Length; cell++)
        {
            if (CellOffsets[cell] == CellOffsets[cell + 1])
            {
                KMeansSeeding.CopySeed(Row(farthest[taken++]), _options.IsSpherical, centroids.AsSpan(cell * _dimension, _dimension));
            }
        }

        return taken > 0;
    }
}
