using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Rows and queries that training does not see, with their exact inner products.</summary>
internal sealed class HeldOutSample
{
    private const int MaxQueries = 128;
    private const int MaxRows = 4_096;
    private const int NeighborCount = 10;
    private const int MinSampleRowCount = 64;

    private readonly int _dimension;
    private readonly float[] _queries;
    private readonly float[] _rows;
    private readonly float[] _products;

    private HeldOutSample(int dimension, float[] queries, float[] rows, ReadOnlyMemory<float> trainingRows)
    {
        _dimension = dimension;
        _queries = queries;
        _rows = rows;
        TrainingRowsMemory = trainingRows;
        _products = new float[QueryCount * RowCount];
        for (int query = 0; query < QueryCount; query++)
        {
            for (int row = 0; row < RowCount; row++)
            {
                _products[(query * RowCount) + row] =
                    RowOperations.Dot(queries.AsSpan(query * dimension, dimension), rows.AsSpan(row * dimension, dimension));
            }
        }
    }

    /// <summary>The rows that are left for training.</summary>
    public ReadOnlySpan<float> TrainingRows => TrainingRowsMemory.Span;

    /// <summary>The number of queries; 0 when the sample is too small to hold any out.</summary>
    public int QueryCount => _queries.Length / _dimension;

    private ReadOnlyMemory<float> TrainingRowsMemory { get; }

    private int RowCount => _rows.Length / _dimension;

    /// <summary>Takes every fourth row out of a sample, up to a few thousand. Queries are those of the sample, or else some of these
    /// rows.</summary>
    public static HeldOutSample Take(TrainingSample sample)
    {
        int d = sample.Dimension;
        if (sample.RowCount < MinSampleRowCount)
        {
            return new HeldOutSample(d, [], [], sample.Rows);
        }

        int queryCount = Math.Min(MaxQueries, sample.Queries.Length > 0 ? sample.Queries.Length / d : sample.RowCount / 16);
        int takenCount = Math.Min(sample.RowCount / 4, MaxRows);
        List<float> taken = [];
        List<float> left = new(sample.Rows.Length);
        for (int row = 0, next = 0; row < sample.RowCount; row++)
        {
            bool isTaken = next < takenCount && row == (int)((long)next * sample.RowCount / takenCount);
            next += isTaken ? 1 : 0;
            (isTaken ? taken : left).AddRange(sample.Rows.AsSpan(row * d, d));
        }

        float[] rows = [.. taken];
        if (sample.Queries.Length > 0)
        {
            int count = sample.Queries.Length / d;
            float[] queries = new float[queryCount * d];
            for (int i = 0; i < queryCount; i++)
            {
                sample.Queries.AsSpan((int)((long)i * count / queryCount) * d, d).CopyTo(queries.AsSpan(i * d));
            }

            return new HeldOutSample(d, queries, rows, left.ToArray());
        }

        // Every fourth of the rows taken is a query, as far as they are needed; a row is not searched by itself.
        List<float> rowQueries = [];
        List<float> others = [];
        for (int row = 0; row < takenCount; row++)
        {
            bool isQuery = row % 4 == 0 && rowQueries.Count < queryCount * d;
            (isQuery ? rowQueries : others).AddRange(rows.AsSpan(row * d, d));
        }

        return new HeldOutSample(d, [.. rowQueries], [.. others], left.ToArray());
    }

    /// <summary>How many of the ten nearest rows of each query are among the ten of the best scores, on average.</summary>
    public double MeasureRecall(BitsCodec codec)
    {
        byte[] chunk = EncodeRows(codec);
        float[] scores = new float[RowCount];
        int found = 0;
        for (int query = 0; query < QueryCount; query++)
        {
            codec.CreateScorer(GetQuery(query)).Score(chunk, scores);
            HashSet<int> nearest = [.. GetBest(_products.AsSpan(query * RowCount, RowCount))];
            found += GetBest(scores).Count(nearest.Contains);
        }

        return (double)found / QueryCount;
    }

    /// <summary>The quantiles 0.99, 0.999 and 1 of how much of its proven error bound a score uses.</summary>
    public float[] MeasureErrorShares(BitsCodec codec)
    {
        byte[] chunk = EncodeRows(codec);
        float[] scores = new float[RowCount];
        float[] bounds = new float[RowCount];
        float[] shares = new float[QueryCount * RowCount];
        for (int query = 0; query < QueryCount; query++)
        {
            CodeScorer scorer = codec.CreateScorer(GetQuery(query), BitScoring.Asymmetric, codec.PlaneCount);
            scorer.Score(chunk, scores);
            scorer.ScoreUpperBounds(chunk, bounds);
            for (int row = 0; row < RowCount; row++)
            {
                float width = bounds[row] - scores[row];
                float error = MathF.Abs(_products[(query * RowCount) + row] - scores[row]);
                shares[(query * RowCount) + row] = width > 0 ? error / width : 0;
            }
        }

        Array.Sort(shares);
        return [shares[(int)(0.99 * (shares.Length - 1))], shares[(int)(0.999 * (shares.Length - 1))], shares[^1]];
    }

    private byte[] EncodeRows(BitsCodec codec) =>
        codec.Encode(new EntryRows(_dimension, _rows, [.. Enumerable.Range(0, RowCount + 1)]));

    private MultiVectorView GetQuery(int query) => new(_dimension, _queries.AsSpan(query * _dimension, _dimension));

    // The positions of the ten largest values, the first of equal ones.
    private static int[] GetBest(ReadOnlySpan<float> values)
    {
        float[] copy = values.ToArray();
        int[] positions = [.. Enumerable.Range(0, copy.Length)];
        return [.. positions.OrderByDescending(i => copy[i]).Take(NeighborCount)];
    }
}
