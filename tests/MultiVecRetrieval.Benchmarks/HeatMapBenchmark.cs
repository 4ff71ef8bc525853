using System.Globalization;
using MultiVecRetrieval.Benchmarks.Generators;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Searching;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>One operation is the heat map of a question of 20 rows over a page of 1,030 x 128 rows: its numbers, its pixels, its
/// PNG.</summary>
internal static class HeatMapBenchmark
{
    private const int PageCount = 4;
    private const int Dimension = 128;
    private const int RowCount = 1030;
    private const int QueryRowCount = 20;
    private const int Width = 724;
    private const int Height = 1024;

    /// <summary>Prints milliseconds per page.</summary>
    public static int Run(string[] options)
    {
        int roundCount = 5;
        if (options is ["--rounds", { } rounds])
        {
            roundCount = int.Parse(rounds, CultureInfo.InvariantCulture);
        }
        else if (options.Length > 0)
        {
            Console.Error.WriteLine($"Unknown option {options[0]}; heatmap knows --rounds N.");
            return 2;
        }

        PageVectors samples = new(seed: 1, Dimension);
        MultiVector[] pages = [.. Enumerable.Range(0, PageCount).Select(i => samples.GetPage(i, RowCount))];
        MultiVector query = samples.GetPage(PageCount, QueryRowCount);
        Space space = new() { Name = "pages", Id = new SpaceId("a1"), Dimension = Dimension };
        PartRows asked = new(space, query, [.. Enumerable.Range(0, QueryRowCount).Select(i => $"word {i}")]);
        HeatMap[] maps = [.. pages.Select(page => HeatMaps.Compute(asked, page, time: null))];
        byte[][] painted = [.. maps.Select(map => HeatMaps.Paint(map, Width, Height))];
        Measurement[] measurements =
        [
            new("similarities and places", PageCount, () => Array.ForEach(pages, page => HeatMaps.Compute(asked, page, time: null))),
            new($"pixels, {Width} x {Height}", PageCount, () => Array.ForEach(maps, map => HeatMaps.Paint(map, Width, Height))),
            new("PNG of them", PageCount, () => Array.ForEach(painted, pixels => ImageDecoder.EncodePng(pixels, Width, Height))),
        ];
        Measurement.RunInTurns(measurements, roundCount);
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{QueryRowCount} x {RowCount} x {Dimension}, one core");
        foreach (Measurement measurement in measurements)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{measurement.Name,-28}{1000 / measurement.MedianProcessorRate,8:0.000} ms cpu{1000 / measurement.MedianRate,8:0.000} ms wall"));
        }

        return 0;
    }
}
