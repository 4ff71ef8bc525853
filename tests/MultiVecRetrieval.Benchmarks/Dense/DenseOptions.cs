using System.Globalization;

namespace MultiVecRetrieval.Benchmarks.Dense;

/// <summary>Sizes of the dense benchmark.</summary>
internal sealed record DenseOptions
{
    /// <summary>Pictures. Default 40,000, with which all engines take about five minutes on a quiet machine.</summary>
    public int Count { get; init; } = 40_000;

    /// <summary>d. Default 512.</summary>
    public int Dimension { get; init; } = 512;

    /// <summary>Queries of each kind. Default 200.</summary>
    public int QueryCount { get; init; } = 200;

    /// <summary>Hits that are compared. Default 10.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Links of a graph, M. Default 16.</summary>
    public int M { get; init; } = 16;

    /// <summary>Candidates while a graph is built. Default 128.</summary>
    public int EfConstruction { get; init; } = 128;

    /// <summary>Engines to run; empty for all.</summary>
    public IReadOnlyList<string> Engines { get; init; } = [];

    /// <summary>Reads command line options; null when one is unknown, after saying so.</summary>
    public static DenseOptions? Parse(string[] arguments)
    {
        DenseOptions options = new();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string text = i + 1 < arguments.Length ? arguments[i + 1] : "";
            bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0;
            DenseOptions? next = arguments[i] switch
            {
                "--engines" when text.Length > 0 => options with { Engines = text.Split(',') },
                "--pictures" or "--count" when isNumber => options with { Count = value },
                "--dim" when isNumber => options with { Dimension = value },
                "--queries" when isNumber => options with { QueryCount = value },
                "--m" when isNumber => options with { M = value },
                "--ef-construction" when isNumber => options with { EfConstruction = value },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine(
                    "dense knows --pictures, --dim, --queries, --m, --ef-construction (each with a number) and --engines A,B of "
                    + string.Join(',', DenseBenchmark.EngineNames) + ".");
                return null;
            }

            options = next;
        }

        return options;
    }
}
