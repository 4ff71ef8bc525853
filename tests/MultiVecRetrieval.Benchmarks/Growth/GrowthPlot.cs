using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MultiVecRetrieval.Benchmarks.Growth;

/// <summary>Draws what a search takes against the number of pages, both axes in powers of ten.</summary>
internal static class GrowthPlot
{
    private const int Width = 760;
    private const int Height = 460;

    /// <summary>A PNG, a line per way of searching.</summary>
    public static byte[] Draw(IReadOnlyList<GrowthSize> sizes)
    {
        using Plot plot = new();
        PlotFont.Set(plot);
        foreach (string way in sizes.SelectMany(size => size.Times).Select(time => time.Way).Distinct())
        {
            (double Pages, double Ms)[] points =
            [
                .. sizes.SelectMany(size => size.Times.Where(time => time.Way == way)
                    .Select(time => (Math.Log10(size.PageCount), Math.Log10(time.WarmMs)))),
            ];
            plot.Add.Scatter(points.Select(point => new Coordinates(point.Pages, point.Ms)).ToArray()).LegendText = way;
        }

        plot.Axes.Bottom.TickGenerator = Powers();
        plot.Axes.Left.TickGenerator = Powers();
        plot.XLabel("pages");
        plot.YLabel("median search, ms (files in memory)");
        plot.ShowLegend(Alignment.UpperLeft);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    private static NumericAutomatic Powers() => new()
    {
        IntegerTicksOnly = true,
        LabelFormatter = power => Math.Pow(10, power).ToString("n0", CultureInfo.InvariantCulture),
    };
}
