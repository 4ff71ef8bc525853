using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Eval.Benchmarks.Moments;

/// <summary>What was found for a question, as QVHighlights takes it: a line of <c>qid, query, vid, pred_relevant_windows,
/// pred_saliency_scores</c>.</summary>
internal sealed record MomentPrediction
{
    private const double ClipLength = 2;

    /// <summary>Id of the question.</summary>
    public required string Id { get; init; }

    /// <summary>The question.</summary>
    public required string Query { get; init; }

    /// <summary>Id of the video.</summary>
    public required string Video { get; init; }

    /// <summary>The windows, best first.</summary>
    public required IReadOnlyList<TimeWindow> Windows { get; init; }

    /// <summary>A score for each clip of two seconds; null where there are none.</summary>
    public IReadOnlyList<double>? Saliency { get; init; }

    /// <summary>An answer to a question: windows within the video, and as the score of a clip that of the best window over its
    /// middle.</summary>
    public static MomentPrediction Of(MomentQuery query, IReadOnlyList<TimeWindow> windows)
    {
        TimeWindow[] within =
            [.. windows.Select(window => query.Duration > 0 ? window.ClippedTo(query.Duration) : window).Where(window =>
                window.Length > 0)];
        return new MomentPrediction
        {
            Id = query.Id,
            Query = query.Text,
            Video = query.Video,
            Windows = within,
            Saliency =
            [
                .. Enumerable.Range(0, (int)(query.Duration / ClipLength)).Select(i => (i + 0.5) * ClipLength).Select(middle =>
                    within.Where(window => window.Start <= middle
                        && middle < window.End).Select(window => window.Score).DefaultIfEmpty(0).Max()),
            ],
        };
    }

    /// <summary>Reads a file of them.</summary>
    /// <exception cref="BenchmarkFormatException">A line is none.</exception>
    public static IEnumerable<MomentPrediction> Read(string path)
    {
        int number = 0;
        foreach (JsonElement line in JsonLines.ReadWhole<JsonElement>(path))
        {
            number++;
            if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("qid", out JsonElement id)
                || !line.TryGetProperty("pred_relevant_windows", out JsonElement windows))
            {
                throw new BenchmarkFormatException($"{path}, line {number}", "qid and pred_relevant_windows", line.ToString());
            }

            yield return new MomentPrediction
            {
                Id = id.ToString(),
                Query = line.TryGetProperty("query", out JsonElement query) ? query.ToString() : "",
                Video = line.TryGetProperty("vid", out JsonElement video) ? video.ToString() : "",
                Windows = [.. windows.EnumerateArray().Select(ToWindow)],
                Saliency = line.TryGetProperty("pred_saliency_scores", out JsonElement scores)
                    ? [.. scores.EnumerateArray().Select(score => score.GetDouble())]
                    : null,
            };
        }
    }

    /// <summary>The line.</summary>
    public string ToLine()
    {
        Dictionary<string, object?> line = new(StringComparer.Ordinal)
        {
            ["qid"] = long.TryParse(Id, out long number) ? number : Id,
            ["query"] = Query,
            ["vid"] = Video,
            ["pred_relevant_windows"] = Windows.Select(window => new[] { window.Start, window.End, window.Score }).ToArray(),
        };
        if (Saliency is not null)
        {
            line["pred_saliency_scores"] = Saliency;
        }

        return JsonSerializer.Serialize(line);
    }

    private static TimeWindow ToWindow(JsonElement window) => new(
        window[0].GetDouble(), window[1].GetDouble(), window.GetArrayLength() > 2 ? window[2].GetDouble() : 0);
}
