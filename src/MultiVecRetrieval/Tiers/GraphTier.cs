using System.Globalization;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tiers;

/// <summary>
/// A graph per segment: <c>hnsw:M</c> or <c>hnsw:MxE</c>, M links and E candidates while building; with <c>nodes=bits1</c>, <c>bits2</c> or
/// <c>signs</c>, nodes keep fewer bits than the byte a value that they are linked by.
/// </summary>
internal sealed class GraphTier : RowIndexTier
{
    private const string NodesName = "nodes=";

    private static readonly (string Name, HnswNodes Nodes)[] NodeNames =
        [("int8", HnswNodes.Int8), ("bits1", HnswNodes.OnePlane), ("bits2", HnswNodes.TwoPlanes), ("signs", HnswNodes.Signs)];

    private readonly HnswOptions _options = new();

    /// <exception cref="SpecException">An argument is out of place or out of its range.</exception>
    public GraphTier(IndexSpec spec, int dimension, ReadOnlySpan<byte> parameters)
        : base(spec, dimension, parameters)
    {
        string[] arguments = spec.Argument.Split(',');
        bool hasLinks = !arguments[0].StartsWith(NodesName, StringComparison.Ordinal);
        if (hasLinks && arguments[0].Length > 0)
        {
            _options = ReadLinks(spec, arguments[0], _options);
        }

        foreach (string argument in arguments.AsSpan(hasLinks ? 1 : 0))
        {
            _options = _options with { Nodes = ReadNodes(spec, argument) };
        }

        if (arguments.Length > (hasLinks ? 2 : 1))
        {
            throw new SpecException("tier", spec.Text, "hnsw takes its links and its nodes once each, as in hnsw:16x128,nodes=bits2.");
        }

        _options = _options with { Queries = Queries };
    }

    public static TierKind Kind { get; } = new(
        "hnsw",
        "hnsw, hnsw:M or hnsw:MxE (a graph with M links a row, found among E candidates; default 16x128), each with [,nodes=int8|bits1|bits2|signs] (what "
            + "a node keeps of its row; default int8), for entries of few rows, behind a reduction, as in ward:16/hnsw, or an encoding, as in lemur/hnsw",
        "no codes but a graph that a search walks; entries are not scanned at all");

    protected override void BuildIndex(RowReader read, int rowCount, int dimension, int threads, Stream destination,
        CancellationToken cancellationToken) =>
        HnswBuilder.Build(read, rowCount, dimension, _options with { Threads = threads }, destination, cancellationToken);

    protected override unsafe IRowIndex OpenIndex(byte* start, long length) => HnswGraph.Open(start, length);

    private static HnswOptions ReadLinks(IndexSpec spec, string text, HnswOptions options)
    {
        int[] numbers =
            [.. text.Split('x')
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        bool fits = numbers.Length <= 2 && numbers[0] is >= HnswOptions.LeastM and <= HnswOptions.MostM
            && (numbers.Length == 1 || numbers[1] >= numbers[0]);
        return fits
            ? options with
            {
                M = numbers[0],
                EfConstruction = numbers.Length == 2
                ? numbers[1]
                : Math.Max(options.EfConstruction, numbers[0])
            }
            : throw new SpecException("tier",
                spec.Text, $"hnsw:MxE takes M from {HnswOptions.LeastM} to {HnswOptions.MostM} links and E from M on; '{text}' was given.");
    }

    private static HnswNodes ReadNodes(IndexSpec spec, string text)
    {
        foreach ((string name, HnswNodes nodes) in NodeNames)
        {
            if (text == NodesName + name)
            {
                return nodes;
            }
        }

        throw new SpecException("tier",
            spec.Text, $"after its links hnsw takes nodes={string.Join(", nodes=", NodeNames.Select(known => known.Name))}; '{text}' was given.");
    }
}
