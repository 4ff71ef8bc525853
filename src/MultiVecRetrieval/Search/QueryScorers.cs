using System.Buffers;
using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Search;

/// <summary>One query, prepared once for every row format and codec that it meets. Thread-safe.</summary>
/// <param name="query">Its rows.</param>
/// <param name="rowLimit">Rows of an entry that are scored at most, the first ones; null for all.</param>
internal sealed class QueryScorers(MultiVector query, int? rowLimit = null)
{
    private readonly Lock _gate = new();
    private readonly MaxSimScorer?[] _exact = new MaxSimScorer?[Enum.GetValues<RowFormat>().Length + 1];
    private readonly Dictionary<(EntryCodec Codec, bool IsRounded), CodeScorer> _codes = [];
    private ScreenedMaxSimScorer? _screened;

    public MultiVector Query { get; } = query;

    public int? RowLimit { get; } = rowLimit;

    /// <summary>Σ of the Euclidean norms of the query rows, rounded up.</summary>
    public float QueryNorms { get; } = SumNorms(query);

    public MaxSimScorer GetExact(RowFormat format)
    {
        if (Volatile.Read(ref _exact[(int)format]) is { } known)
        {
            return known;
        }

        lock (_gate)
        {
            return _exact[(int)format] ??= new MaxSimScorer(Query.View, format);
        }
    }

    /// <summary>Scores Float32 rows, to the bit like <see cref="GetExact"/>, where rounded rows say which of them matter.</summary>
    public ScreenedMaxSimScorer GetScreened()
    {
        if (Volatile.Read(ref _screened) is { } known)
        {
            return known;
        }

        lock (_gate)
        {
            return _screened ??= new ScreenedMaxSimScorer(Query.View);
        }
    }

    /// <summary>The score of an entry by its rows, by the first ones where there is a limit.</summary>
    public float Score(SegmentReader reader, in EntryRecord entry)
    {
        MaxSimScorer scorer = GetExact(reader.Space.RowFormat);
        int count = CountRows(entry);
        if (PackedPrefix.IsInPlace(entry.RowCount, count))
        {
            return scorer.Score(PackedPrefix.Take(scorer.Format, reader.GetRows(entry), entry.RowCount, scorer.Dimension, count, []),
                count);
        }

        byte[] scratch = ArrayPool<byte>.Shared.Rent(GetSize(scorer, count));
        float score =
            scorer.Score(PackedPrefix.Take(scorer.Format, reader.GetRows(entry), entry.RowCount, scorer.Dimension, count, scratch), count);
        ArrayPool<byte>.Shared.Return(scratch);
        return score;
    }

    /// <summary>Per query row its best similarity and the row that reached it; see <see cref="MaxSimScorer.Explain"/>.</summary>
    public void Explain(SegmentReader reader, in EntryRecord entry, Span<float> similarities, Span<int> rows)
    {
        MaxSimScorer scorer = GetExact(reader.Space.RowFormat);
        int count = CountRows(entry);
        byte[] scratch = PackedPrefix.IsInPlace(entry.RowCount, count) ? [] : new byte[GetSize(scorer, count)];
        scorer.Explain(
            PackedPrefix.Take(scorer.Format, reader.GetRows(entry), entry.RowCount, scorer.Dimension, count, scratch), count, similarities,
                rows);
    }

    /// <summary>Scores codes by the query as it is.</summary>
    /// <param name="codec">What wrote them.</param>
    /// <param name="threads">How many may prepare the query, the first time: those that would otherwise wait for it.</param>
    public CodeScorer GetCodes(EntryCodec codec, int threads = 1) => GetCodes(codec, isRounded: false, threads);

    /// <summary>Bounds scores of rows in a format: by the query as those rows meet it.</summary>
    public CodeScorer GetBounds(EntryCodec codec, RowFormat format) => GetCodes(codec, isRounded: format == RowFormat.Int8, threads: 1);

    // An entry without rows has none with a limit either.
    private int CountRows(in EntryRecord entry) => Math.Min(entry.RowCount, RowLimit ?? int.MaxValue);

    private static int GetSize(MaxSimScorer scorer, int rowCount)
        => checked((int)PackedRows.GetSizeInBytes(scorer.Format, rowCount, scorer.Dimension));

    private CodeScorer GetCodes(EntryCodec codec, bool isRounded, int threads)
    {
        lock (_gate)
        {
            if (!_codes.TryGetValue((codec, isRounded), out CodeScorer? scorer))
            {
                MultiVectorView rows = isRounded
                    ? new MultiVectorView(Query.Dimension, MaxSimScorer.RoundQuery(Query.View, RowFormat.Int8))
                    : Query.View;
                _codes[(codec, isRounded)] = scorer = codec.CreateScorer(rows, threads);
            }

            return scorer;
        }
    }

    private static float SumNorms(MultiVector query)
    {
        double sum = 0;
        for (int row = 0; row < query.RowCount; row++)
        {
            sum += TensorPrimitives.Norm(query.Row(row));
        }

        return (float)(sum * 1.001);
    }
}
