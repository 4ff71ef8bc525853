using System.Globalization;
using MultiVecRetrieval.Eval.Benchmarks.Writing;
using ScottPlot;

namespace MultiVecRetrieval.Eval.Benchmarks.Reporting;

/// <summary>Draws the main measure of several runs of a task with their intervals.</summary>
internal static class ScorePlot
{
    private const int Width = 760;
    private const int RowHeight = 34;

    /// <summary>A PNG, a bar a run.</summary>
    /// <param name="measure">What is drawn.</param>
    /// <param name="runs">A label and the score of each.</param>
    public static byte[] Draw(string measure, IReadOnlyList<(string Label, MeasureScore Score)> runs)
    {
        using Plot plot = new();
        PlotFont.Set(plot);
        Bar[] bars =
        [
            .. runs.Select((run, i) => new Bar
            {
                Position = -i,
                Value = run.Score.Mean,
                Orientation = Orientation.Horizontal,
                FillColor = Colors.SteelBlue,
                LineWidth = 0,
                Size = 0.6,
            }),
        ];
        plot.Add.Bars(bars).Horizontal = true;
        for (int i = 0; i < runs.Count; i++)
        {
            plot.Add.Line(runs[i].Score.Low, -i, runs[i].Score.High, -i).LineStyle = new LineStyle(3, Colors.Black);
        }

        plot.Axes.Left.SetTicks([.. bars.Select(bar => bar.Position)], [.. runs.Select((run, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{i + 1}: {run.Score.Mean:0.000}"))]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.SetLimits(0, Math.Max(1e-3, runs.Max(run => run.Score.High) * 1.05), -runs.Count + 0.4, 0.6);
        plot.XLabel($"{measure}, 95 % intervals");
        return plot.GetImageBytes(Width, 90 + (runs.Count * RowHeight), ImageFormat.Png);
    }
}
