using System.Globalization;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Sizes of the benchmark of tiers.</summary>
internal sealed record TiersOptions
{
    /// <summary>Pages of the collection. Default 100,000.</summary>
    public int PageCount { get; init; } = 100_000;

    /// <summary>Rows of a page: 256 keeps the int8 rows of 100,000 pages at 3.4 GB, which stay in memory. Default 256.</summary>
    public int PageRowCount { get; init; } = 256;

    /// <summary>d. Default 128.</summary>
    public int Dimension { get; init; } = 128;

    /// <summary>Queries that are timed. Default 40.</summary>
    public int QueryCount { get; init; } = 40;

    /// <summary>Rows of a query. Default 20.</summary>
    public int QueryRowCount { get; init; } = 20;

    /// <summary>Hits that are compared. Default 10.</summary>
    public int Top { get; init; } = 10;

    /// <summary>True for pictures of one row, stored as float32, and queries that are by turns texts and pictures; false for pages, stored as int8.</summary>
    public bool ArePictures { get; init; }

    /// <summary>The recall asked for. Default 0.95.</summary>
    public double Recall { get; init; } = 0.95;

    /// <summary>Tiers to try; empty for the default ones.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Reads command line options; null when one is unknown, after saying so.</summary>
    public static TiersOptions? Parse(string[] arguments)
    {
        TiersOptions options = new();
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            string value = arguments[i + 1];
            int Number() => int.Parse(value, CultureInfo.InvariantCulture);
            TiersOptions? next = arguments[i] switch
            {
                "--pages" => options with { PageCount = Number() },
                "--pictures" => options with { PageCount = Number(), ArePictures = true, PageRowCount = 1, QueryRowCount = 1, Dimension = 512, QueryCount = 200 },
                "--rows" => options with { PageRowCount = Number() },
                "--dim" => options with { Dimension = Number() },
                "--queries" => options with { QueryCount = Number() },
                "--query-rows" => options with { QueryRowCount = Number() },
                "--recall" => options with { Recall = double.Parse(value, CultureInfo.InvariantCulture) },
                "--tier" => options with { Tiers = [.. options.Tiers, value] },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine("tiers knows --pages or --pictures, --rows, --dim, --queries, --query-rows, --recall (each with a number) and --tier SPEC.");
                return null;
            }

            options = next;
        }

        return options;
    }
}
