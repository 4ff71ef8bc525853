using System.Globalization;
using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// What the ledger says of pages whose text is still to be recognised: "3 pages wait for text recognition: 2-3, 7", behind other problems;
/// see <see cref="WaitState"/>.
/// </summary>
internal static partial class RecognitionState
{
    /// <summary>Problems and pages that wait, as the reason of a row; null for neither.</summary>
    /// <param name="problems">What else there is to say, or null.</param>
    /// <param name="waitingPages">Pages from 1; a picture is page 1 of itself.</param>
    public static string? Describe(string? problems, IReadOnlyCollection<int> waitingPages)
    {
        if (waitingPages.Count == 0)
        {
            return problems;
        }

        string wait = waitingPages.Count == 1 ? "page waits" : "pages wait";
        return WaitState.Join(problems, string.Create(
            CultureInfo.InvariantCulture, $"{waitingPages.Count} {wait} for text recognition: {ListRanges(waitingPages)}"));
    }

    /// <summary>How many pages wait.</summary>
    public static int CountWaiting(string? reason) => reason is not null && Waiting().Match(reason) is { Success: true } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : 0;

    /// <summary>True when a page waits. A row that only says how many do, as they were written once, means any.</summary>
    /// <param name="reason">The reason of the row.</param>
    /// <param name="page">From 1.</param>
    public static bool IsWaiting(string? reason, int page) =>
        reason is not null && Waiting().Match(reason) is { Success: true } match
        && (!match.Groups[2].Success || match.Groups[2].Value.Split(", ").Any(range => Contains(range, page)));

    private static string ListRanges(IEnumerable<int> pages)
    {
        List<(int First, int Last)> ranges = [];
        foreach (int page in pages.Order())
        {
            if (ranges.Count > 0 && ranges[^1].Last == page - 1)
            {
                ranges[^1] = (ranges[^1].First, page);
            }
            else
            {
                ranges.Add((page, page));
            }
        }

        return string.Join(", ", ranges.Select(range => range.First == range.Last
            ? range.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));
    }

    private static bool Contains(string range, int page)
    {
        int[] bounds = [.. range.Split('-').Select(bound => int.Parse(bound, CultureInfo.InvariantCulture))];
        return page >= bounds[0] && page <= bounds[^1];
    }

    [GeneratedRegex(@"(?:^|; )(\d{1,9}) pages? waits? for text recognition(?:: ([\d, -]+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Waiting();
}
