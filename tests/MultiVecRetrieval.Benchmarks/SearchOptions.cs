using System.Globalization;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Sizes of the end-to-end search benchmark.</summary>
internal sealed record SearchOptions
{
    /// <summary>Pages of the collection. Default 1,000.</summary>
    public int PageCount { get; init; } = 1000;

    /// <summary>Rows of a page. Default 1,030, as ColPali has.</summary>
    public int PageRowCount { get; init; } = 1030;

    /// <summary>d. Default 128.</summary>
    public int Dimension { get; init; } = 128;

    /// <summary>Queries that are timed, each on every engine. Default 10.</summary>
    public int QueryCount { get; init; } = 10;

    /// <summary>Rows of a query. Default 20.</summary>
    public int QueryRowCount { get; init; } = 20;

    /// <summary>Hits that are compared. Default 10.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Formats of the collections. Default Float32 and Int8.</summary>
    public IReadOnlyList<RowFormat> Formats { get; init; } = [RowFormat.Float32, RowFormat.Int8];

    /// <summary>Tiers of further collections, each with int8 rows. Default bits:2.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = ["bits:2"];

    /// <summary>The recall that tiers keep. Default 0.99.</summary>
    public double Recall { get; init; } = 0.99;

    /// <summary>False leaves out the peer and its installation.</summary>
    public bool HasPeer { get; init; } = true;

    /// <summary>Reads command line options; null when one is unknown, after saying so.</summary>
    public static SearchOptions? Parse(string[] arguments)
    {
        SearchOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--no-peer")
            {
                options = options with { HasPeer = false };
                continue;
            }

            if (arguments[i] == "--tiers" && i + 1 < arguments.Length)
            {
                options = options with { Tiers = arguments[++i].Split(',', StringSplitOptions.RemoveEmptyEntries) };
                continue;
            }

            int value = i + 1 < arguments.Length ? int.Parse(arguments[i + 1], CultureInfo.InvariantCulture) : 0;
            SearchOptions? next = arguments[i++] switch
            {
                "--pages" => options with { PageCount = value },
                "--rows" => options with { PageRowCount = value },
                "--dim" => options with { Dimension = value },
                "--queries" => options with { QueryCount = value },
                "--query-rows" => options with { QueryRowCount = value },
                _ => null,
            };
            if (next is null || value < 1)
            {
                Console.Error.WriteLine(
                    "search knows --pages, --rows, --dim, --queries, --query-rows (each with a number), --tiers SPEC,SPEC and --no-peer.");
                return null;
            }

            options = next;
        }

        return options;
    }
}
