using System.Globalization;

namespace MultiVecRetrieval.Benchmarks.Growth;

/// <summary>Sizes of the benchmark of growth.</summary>
internal sealed record GrowthOptions
{
    /// <summary>Pages of each collection. Default 10,000, 100,000 and 1,000,000.</summary>
    public IReadOnlyList<int> PageCounts { get; init; } = [10_000, 100_000, 1_000_000];

    /// <summary>Rows of a page. Default 64, pooled pages: 8.4 GB for a million in int8.</summary>
    public int PageRowCount { get; init; } = 64;

    /// <summary>Queries that are timed. Default 30.</summary>
    public int QueryCount { get; init; } = 30;

    /// <summary>Rows of a query. Default 20.</summary>
    public int QueryRowCount { get; init; } = 20;

    /// <summary>Tiers. By default those that large collections get by themselves, of smooth rows and of others, and inverted
    /// lists.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Where the plot goes (PNG); null for none.</summary>
    public string? Plot { get; init; }

    /// <summary>The folder under which collections are kept, one per size; null for temporary ones.</summary>
    public string? Folder { get; init; }

    /// <summary>Reads command line options; null when one is unknown, after saying so.</summary>
    public static GrowthOptions? Parse(string[] arguments)
    {
        GrowthOptions options = new();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            int Number() => int.Parse(value, CultureInfo.InvariantCulture);
            GrowthOptions? next = arguments[i] switch
            {
                "--pages" => options with
                {
                    PageCounts = [.. value.Split(',').Select(part => int.Parse(part, CultureInfo.InvariantCulture))],
                },
                "--rows" => options with { PageRowCount = Number() },
                "--queries" => options with { QueryCount = Number() },
                "--query-rows" => options with { QueryRowCount = Number() },
                "--tier" => options with { Tiers = [.. options.Tiers, value] },
                "--plot" => options with { Plot = value },
                "--folder" => options with { Folder = value },
                _ => null,
            };
            if (next is null || value.Length == 0)
            {
                Console.Error.WriteLine(
                    "growth knows --pages N,N,N, --rows, --queries, --query-rows (each with a number), --tier SPEC, --plot FILE and --folder FOLDER.");
                return null;
            }

            options = next;
        }

        return options;
    }
}
