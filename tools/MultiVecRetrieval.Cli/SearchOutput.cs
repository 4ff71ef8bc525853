using System.Globalization;
using MultiVecRetrieval.Numerics;
using Spectre.Console;

namespace MultiVecRetrieval.Cli;

/// <summary>A search result as the JSON object that scripts read, and as lines for people.</summary>
internal sealed record SearchOutput(
    IReadOnlyList<SearchOutput.Hit> Hits, bool IsExact, long CandidateCount, IReadOnlyDictionary<string, double> TimingsMs, IReadOnlyList<string> Notices)
{
    /// <param name="Span">Seconds [start, end) of the moment, for a video.</param>
    /// <param name="Box">[left, top, right, bottom] in [0, 1] around the matches, when they have places.</param>
    internal sealed record Hit(
        string Key, string Document, string Type, int? Page, double[]? Span, double[]? Box, double Score, int Rank, string? Title, string? Path,
        IReadOnlyList<HitSource> Sources, IReadOnlyList<Match> Matches);

    internal sealed record Match(string Label, double Similarity, double[] Box, double[]? Span, string Source);

    public static SearchOutput From(SearchResult result) => new(
        [.. result.Hits.Select(ToHit)], result.IsExact, result.CandidateCount, result.TimingsMs, result.Notices);

    public static void Print(SearchResult result, TimeSpan elapsed)
    {
        IAnsiConsole console = Terminal.Out;
        foreach (SearchHit hit in result.Hits)
        {
            Hit shown = ToHit(hit);
            string where = shown.Span is double[] span ? $"  {Clock(span[0])}-{Clock(span[1])}" : "";
            string sources = string.Join(", ", hit.Sources.Select(source => $"{source.Name} #{source.Rank}"));
            console.MarkupLineInterpolated($"{hit.Rank,3}  [bold]{hit.Entry.Key}[/]{where}  {hit.Score.ToString("0.0000", CultureInfo.InvariantCulture)}  [grey]{sources}[/]");
            string matches = string.Join("  ", shown.Matches
                .OrderByDescending(match => match.Similarity).DistinctBy(match => match.Label).Take(8)
                .Select(match => string.Create(CultureInfo.InvariantCulture, $"{match.Label} {match.Similarity:0.00}")));
            if (matches.Length > 0)
            {
                console.MarkupLineInterpolated($"     [grey]{matches}[/]");
            }
        }

        foreach (string notice in result.Notices)
        {
            Terminal.WriteNotice(notice);
        }

        string exact = result.IsExact ? "exact" : "approximate";
        Terminal.Error.MarkupLineInterpolated($"[grey]{result.Hits.Count} of {result.CandidateCount} entries, {exact}, {elapsed.TotalMilliseconds:0} ms[/]");
    }

    private static Hit ToHit(SearchHit hit) => new(
        hit.Entry.Key, hit.Entry.DocumentKey, hit.Entry.MediaType.ToString().ToLowerInvariant(), hit.Entry.Page, FindSpan(hit), FindBox(hit), hit.Score,
        hit.Rank, hit.Document.Title, hit.Document.SourcePath, hit.Sources,
        [.. hit.Matches.Select(match => new Match(match.Label, match.Similarity, ToBox(match.Place), ToSpan(match.Place), match.Source))]);

    private static double[]? FindSpan(SearchHit hit) => hit.Matches
        .Where(match => match.Place.HasSpan)
        .GroupBy(match => (match.Place.StartSeconds, match.Place.EndSeconds))
        .OrderByDescending(group => group.Sum(match => match.Similarity)).ThenBy(group => group.Key.StartSeconds)
        .Select(group => new double[] { group.Key.StartSeconds, group.Key.EndSeconds })
        .FirstOrDefault();

    private static double[]? FindBox(SearchHit hit) => hit.Matches
        .OrderByDescending(match => match.Similarity)
        .Select(match => ToBox(match.Place))
        .FirstOrDefault();

    private static double[] ToBox(Place place) => [Round(place.Left), Round(place.Top), Round(place.Right), Round(place.Bottom)];

    private static double[]? ToSpan(Place place) => place.HasSpan ? [place.StartSeconds, place.EndSeconds] : null;

    private static double Round(float value) => Math.Round(value, 5);

    private static string Clock(double seconds) => TimeSpan.FromSeconds(seconds).ToString(seconds >= 3600 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
