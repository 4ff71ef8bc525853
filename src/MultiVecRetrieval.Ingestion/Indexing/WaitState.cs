using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// What the ledger says of a document for which a later pass of a run has still something to do, behind other problems. That sentence is
/// the memory of the pass: a run that ends early leaves it, and the next goes on.
/// </summary>
internal static partial class WaitState
{
    /// <summary>An office document that is found by its text, until its pages are drawn.</summary>
    public const string Pages = "its pages wait to be drawn";

    /// <summary>A video that is found by what it shows, until somebody has listened to it.</summary>
    public const string Speech = "what is said in it waits to be written down";

    /// <summary>Problems and what is waited for, as the reason of a row; null for neither.</summary>
    public static string? Join(string? problems, string? wait) =>
        wait is null ? problems : problems is null ? wait : $"{problems}; {wait}";

    /// <summary>What is waited for; null for nothing.</summary>
    public static string? Of(string? reason) =>
        reason is not null && Waiting().Match(reason) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The reason without what is waited for; null for nothing else.</summary>
    public static string? ProblemsOf(string? reason)
    {
        string rest = reason is null ? "" : Waiting().Replace(reason, "");
        return rest.Length > 0 ? rest : null;
    }

    [GeneratedRegex(
        @"(?:^|; )(\d{1,9} pages? waits? for text recognition(?:: [\d, -]+)?|its pages wait to be drawn|what is said in it waits to be written down)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Waiting();
}
