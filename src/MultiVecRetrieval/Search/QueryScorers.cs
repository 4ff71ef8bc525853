using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Search;

/// <summary>One query, prepared once for every row format and codec that it meets. Thread-safe.</summary>
internal sealed class QueryScorers(MultiVector query)
{
    private readonly Lock _gate = new();
    private readonly MaxSimScorer?[] _exact = new MaxSimScorer?[Enum.GetValues<RowFormat>().Length + 1];
    private readonly Dictionary<(EntryCodec Codec, bool IsRounded), CodeScorer> _codes = [];

    public MultiVector Query { get; } = query;

    /// <summary>Σ of the Euclidean norms of the query rows, rounded up.</summary>
    public float QueryNorms { get; } = SumNorms(query);

    public MaxSimScorer GetExact(RowFormat format)
    {
        if (Volatile.Read(ref _exact[(int)format]) is { } known)
            return known;

        lock (_gate)
            return _exact[(int)format] ??= new MaxSimScorer(Query.View, format);
    }

    /// <summary>The score of an entry by its rows.</summary>
    public float Score(SegmentReader reader, in EntryRecord entry) =>
        GetExact(reader.Space.RowFormat).Score(reader.GetRows(entry), entry.RowCount);

    /// <summary>Scores codes by the query as it is.</summary>
    public CodeScorer GetCodes(EntryCodec codec) => GetCodes(codec, isRounded: false);

    /// <summary>Bounds scores of rows in a format: by the query as those rows meet it.</summary>
    public CodeScorer GetBounds(EntryCodec codec, RowFormat format) => GetCodes(codec, isRounded: format == RowFormat.Int8);

    private CodeScorer GetCodes(EntryCodec codec, bool isRounded)
    {
        lock (_gate)
        {
            if (!_codes.TryGetValue((codec, isRounded), out CodeScorer? scorer))
            {
                _codes[(codec, isRounded)] = scorer = codec.CreateScorer(isRounded
                    ? new MultiVectorView(Query.Dimension, MaxSimScorer.RoundQuery(Query.View, RowFormat.Int8))
                    : Query.View);
            }

            return scorer;
        }
    }

    private static float SumNorms(MultiVector query)
    {
        double sum = 0;
        for (int row = 0; row < query.RowCount; row++)
            sum += TensorPrimitives.Norm(query.Row(row));

        return (float)(sum * 1.001);
    }
}
