using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Cli;

/// <summary>How much of a line of a terminal a text takes: ideographs and emoji take two cells, combining marks none.</summary>
internal static class TerminalCells
{
    // The ranges of East Asian Width W and F (Unicode Standard Annex #11), rounded out to whole blocks.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97F),
        (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE10, 0xFE19), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F),
        (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>Cells that a text takes.</summary>
    public static int Count(string text) => text.EnumerateRunes().Sum(Count);

    /// <summary>The longest beginning of a text that takes at most <paramref name="cells"/> cells; what is no sign but a command to the
    /// terminal is left out.</summary>
    public static string Fit(string text, int cells)
    {
        StringBuilder fitting = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune))
            {
                continue;
            }

            cells -= Count(rune);
            if (cells < 0)
            {
                break;
            }

            fitting.Append(rune.ToString());
        }

        return fitting.ToString();
    }

    private static int Count(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control => 0,
        _ => Array.Exists(Wide, range => rune.Value >= range.First && rune.Value <= range.Last) ? 2 : 1,
    };
}
