using System.Globalization;
using MultiVecRetrieval.Ann;

namespace MultiVecRetrieval.Tiers;

/// <summary>A graph per segment: <c>hnsw:M</c> or <c>hnsw:MxE</c>, M links and E candidates while building.</summary>
internal sealed class GraphTier : RowIndexTier
{
    private readonly HnswOptions _options = new();

    /// <exception cref="TierSpecException">An argument is out of place or out of its range.</exception>
    public GraphTier(IndexSpec spec, ReadOnlySpan<byte> parameters)
        : base(spec, parameters)
    {
        if (spec.Argument.Length > 0)
        {
            string[] parts = spec.Argument.Split('x');
            int[] numbers = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
            if (parts.Length > 2 || numbers[0] is < HnswOptions.LeastM or > HnswOptions.MostM || (numbers.Length == 2 && numbers[1] < numbers[0]))
            {
                throw new TierSpecException(
                    spec.Text, $"hnsw:MxE takes M from {HnswOptions.LeastM} to {HnswOptions.MostM} links and E from M on; '{spec.Argument}' was given.");
            }

            _options = _options with { M = numbers[0], EfConstruction = numbers.Length == 2 ? numbers[1] : Math.Max(_options.EfConstruction, numbers[0]) };
        }

        _options = _options with { Queries = Queries };
    }

    public static TierKind Kind { get; } = new(
        "hnsw",
        "hnsw:M or hnsw:MxE (a graph with M links a row, found among E candidates; default 16x128), for entries of few rows or behind a reduction, as in ward:16/hnsw",
        "no codes but a graph that a search walks; entries are not scanned at all");

    protected override void BuildIndex(RowReader read, int rowCount, int dimension, int threads, Stream destination, CancellationToken cancellationToken) =>
        HnswBuilder.Build(read, rowCount, dimension, _options with { Threads = threads }, destination, cancellationToken);

    protected override unsafe IRowIndex OpenIndex(byte* start, long length) => HnswGraph.Open(start, length);
}
