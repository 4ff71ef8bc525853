using ScottPlot;

namespace MultiVecRetrieval.Shared;

/// <summary>A font for plots: the library that draws them brings none and looks for none.</summary>
internal static class PlotFont
{
    private const string Name = "report";

    private static readonly string[] Files =
    [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
        "/System/Library/Fonts/Supplemental/Arial.ttf", "C:/Windows/Fonts/arial.ttf",
    ];

    private static readonly string? Found = Add();

    /// <summary>Gives a plot the first font that this machine has.</summary>
    public static void Set(Plot plot)
    {
        if (Found is not null)
        {
            plot.Font.Set(Found);
        }
    }

    private static string? Add()
    {
        if (Array.Find(Files, File.Exists) is not { } file)
        {
            return null;
        }

        Fonts.AddFontFile(Name, file);
        return Name;
    }
}
