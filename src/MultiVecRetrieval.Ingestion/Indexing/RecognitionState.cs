using System.Globalization;
using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// What the ledger says of pages whose text is still to be recognised: "3 pages wait for text recognition", behind other problems. That
/// sentence is the memory of the second pass: a run that ends early leaves it, and the next goes on.
/// </summary>
internal static partial class RecognitionState
{
    /// <summary>Problems and pages that wait, as the reason of a row; null for neither.</summary>
    public static string? Describe(string? problems, int waitingCount)
    {
        if (waitingCount == 0)
        {
            return problems;
        }

        string waiting = string.Create(CultureInfo.InvariantCulture,
            $"{waitingCount} {(waitingCount == 1 ? "page waits" : "pages wait")} for text recognition");
        return problems is null ? waiting : $"{problems}; {waiting}";
    }

    /// <summary>How many pages wait.</summary>
    public static int CountWaiting(string? reason) => reason is not null && Waiting().Match(reason) is { Success: true } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : 0;

    /// <summary>The reason without the pages that wait; null for nothing else.</summary>
    public static string? ProblemsOf(string? reason)
    {
        string rest = reason is null ? "" : Waiting().Replace(reason, "");
        return rest.Length > 0 ? rest : null;
    }

    [GeneratedRegex(@"(?:^|; )(\d{1,9}) pages? waits? for text recognition$", RegexOptions.CultureInvariant)]
    private static partial Regex Waiting();
}
