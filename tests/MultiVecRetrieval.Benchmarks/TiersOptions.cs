using System.Globalization;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>Sizes of the benchmark of tiers.</summary>
internal sealed record TiersOptions
{
    /// <summary>Pages of the collection; fewer when memory or disk would not hold them. Default 100,000.</summary>
    public int PageCount { get; init; } = 100_000;

    /// <summary>Rows of a page. Default 1,030: those of ColPali, 13.6 GB for 100,000 pages in int8.</summary>
    public int PageRowCount { get; init; } = 1030;

    /// <summary>d. Default 128.</summary>
    public int Dimension { get; init; } = 128;

    /// <summary>Queries that are timed. Default 30.</summary>
    public int QueryCount { get; init; } = 30;

    /// <summary>Rows of a query. Default 20.</summary>
    public int QueryRowCount { get; init; } = 20;

    /// <summary>Hits that are compared. Default 10.</summary>
    public int Top { get; init; } = 10;

    /// <summary>True for pictures of one row, stored as float32, and queries that are by turns texts and pictures; false for pages, stored
    /// as int8.</summary>
    public bool ArePictures { get; init; }

    /// <summary>The recall asked for. Default 0.95.</summary>
    public double Recall { get; init; } = 0.95;

    /// <summary>Tiers to try; empty for those that a collection of pages gets by itself, or for the default ones of pictures.</summary>
    public IReadOnlyList<string> Tiers { get; init; } = [];

    /// <summary>Where the collection is kept, and taken from when it is there already with as many pages; null for a temporary
    /// one.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// The same with as many pages as fit: rows are read by every exact search, so four fifths of the memory must hold them, and twice
    /// their bytes the disk (<paramref name="folder"/>'s).
    /// </summary>
    public TiersOptions Fit(string folder)
    {
        long pageBytes = PackedRows.GetSizeInBytes(ArePictures ? RowFormat.Float32 : RowFormat.Int8, PageRowCount, Dimension);
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4;
        long disk = new DriveInfo(folder).AvailableFreeSpace / 2;
        return this with { PageCount = (int)Math.Min(PageCount, Math.Min(memory, disk) / pageBytes) };
    }

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
                "--pictures"
                    => options with
                    {
                        PageCount = Number(),
                        ArePictures = true,
                        PageRowCount = 1,
                        QueryRowCount = 1,
                        Dimension = 512,
                        QueryCount = 200
                    },
                "--rows" => options with { PageRowCount = Number() },
                "--dim" => options with { Dimension = Number() },
                "--queries" => options with { QueryCount = Number() },
                "--query-rows" => options with { QueryRowCount = Number() },
                "--recall" => options with { Recall = double.Parse(value, CultureInfo.InvariantCulture) },
                "--tier" => options with { Tiers = [.. options.Tiers, value] },
                "--folder" => options with { Folder = value },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine(
                    "tiers knows --pages or --pictures, --rows, --dim, --queries, --query-rows, --recall (each with a number), --tier SPEC and --folder FOLDER.");
                return null;
            }

            options = next;
        }

        return options;
    }
}
