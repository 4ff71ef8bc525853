using MultiVecRetrieval.Numerics.Reduction;
using Spectre.Console;

namespace MultiVecRetrieval.Cli;

/// <summary>Every kind of tier and of reduction, as the engine knows them.</summary>
internal static class TierList
{
    /// <summary>What the words in capitals of a reduction stand for.</summary>
    public const string Arguments =
        "BUDGET is a factor (3), a share (25%), or max=ROWS; IMPORTANCE is attention, density, distance or rarity.";

    public static int Print(bool json)
    {
        if (json)
        {
            Terminal.WriteJson(new { tiers = TierKind.All, reductions = Reductions.Families });
            return ExitCode.Success;
        }

        Write("Tiers", TierKind.All.Select(kind => (kind.Usage, kind.Summary)));
        Write("Reductions, before a codec as in ward:4/bits:2, or several joined by +",
            Reductions.Families.Select(family => (family.Usage, family.Summary)));
        Terminal.Out.MarkupLineInterpolated($"{Arguments}");
        return ExitCode.Success;
    }

    private static void Write(string title, IEnumerable<(string Usage, string Summary)> lines)
    {
        Terminal.Out.MarkupLineInterpolated($"[bold]{title}[/]");
        foreach ((string usage, string summary) in lines)
        {
            Terminal.Out.MarkupLineInterpolated($"  {usage}");
            Terminal.Out.MarkupLineInterpolated($"      [grey]{summary}[/]");
        }
    }
}
