using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Formats;
using MultiVecRetrieval.Eval.Benchmarks.Media;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Eval.Benchmarks.Moments;

/// <summary>Reads the annotation files of benchmarks of moments.</summary>
internal static class MomentReaders
{
    private const int Annotators = 3;
    private const double ClipLength = 2;

    /// <summary>A line of QVHighlights each: qid, query, duration, vid, relevant_windows, relevant_clip_ids, saliency_scores.</summary>
    /// <exception cref="BenchmarkFormatException">A line lacks what a question needs.</exception>
    public static IEnumerable<MomentQuery> ReadQvHighlights(string path)
    {
        int number = 0;
        foreach (JsonElement line in JsonLines.ReadWhole<JsonElement>(path))
        {
            number++;
            if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("qid", out JsonElement id)
                || !line.TryGetProperty("query", out JsonElement query) || !line.TryGetProperty("vid", out JsonElement video)
                || !line.TryGetProperty("duration", out JsonElement duration))
            {
                throw new BenchmarkFormatException($"{path}, line {number}", "qid, query, vid and duration", line.ToString());
            }

            yield return new MomentQuery(
                id.ToString(), query.GetString()!, video.GetString()!, duration.GetDouble(),
                line.TryGetProperty("relevant_windows", out JsonElement windows) ? [.. windows.EnumerateArray().Select(ToWindow)] : [])
            {
                Saliency = line.TryGetProperty("saliency_scores", out JsonElement scores)
                    ? ToClips($"{path}, line {number}", line, scores, (int)(duration.GetDouble() / ClipLength))
                    : null,
            };
        }
    }

    /// <summary>Lines of TALL: <c>VIDEO START END##SENTENCE</c>, as Charades-STA and TaCoS are published.</summary>
    /// <param name="path">The file.</param>
    /// <param name="durations">Lengths of the videos in seconds; those that are not there are not clipped to.</param>
    /// <exception cref="BenchmarkFormatException">A line is none.</exception>
    public static IEnumerable<MomentQuery> ReadLines(string path, IReadOnlyDictionary<string, double> durations)
    {
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            string[] halves = line.Split("##", 2);
            string[] place = halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (halves.Length != 2 || place.Length != 3 || !TryNumber(place[1], out double start) || !TryNumber(place[2], out double end))
            {
                throw new BenchmarkFormatException($"{path}, line {number}", "VIDEO START END##SENTENCE", line);
            }

            string video = Path.GetFileNameWithoutExtension(place[0]);
            yield return Create(number, halves[1], video, durations.GetValueOrDefault(video), start, end);
        }
    }

    /// <summary>An object of videos, each with duration, timestamps and sentences; of TaCoS with fps, num_frames and timestamps in
    /// frames.</summary>
    /// <exception cref="BenchmarkFormatException">The file is no such object.</exception>
    public static IReadOnlyList<MomentQuery> ReadObject(string path)
    {
        using JsonDocument document = JsonTable.Parse(path);
        List<MomentQuery> queries = [];
        foreach (JsonProperty video in document.RootElement.EnumerateObject())
        {
            if (!video.Value.TryGetProperty("timestamps", out JsonElement times) || !video.Value.TryGetProperty("sentences", out JsonElement sentences))
            {
                throw new BenchmarkFormatException($"{path}, {video.Name}", "timestamps and sentences", video.Value.ToString());
            }

            double fps = video.Value.TryGetProperty("fps", out JsonElement rate) ? rate.GetDouble() : 1;
            double duration = video.Value.TryGetProperty("duration", out JsonElement seconds) ? seconds.GetDouble()
                : video.Value.TryGetProperty("num_frames", out JsonElement frames) ? frames.GetDouble() / fps : 0;
            string id = Path.GetFileNameWithoutExtension(video.Name);
            queries.AddRange(times.EnumerateArray().Zip(sentences.EnumerateArray(), (time, sentence) => Create(
                0, sentence.GetString()!, id, duration, time[0].GetDouble() / fps, time[1].GetDouble() / fps)));
        }

        return [.. queries.Select((query, i) => query with { Id = (i + 1).ToString(CultureInfo.InvariantCulture) })];
    }

    /// <summary>The task of questions on videos that lie somewhere below a folder.</summary>
    public static MomentTask ToTask(string name, SuiteRequest request, string split, IEnumerable<MomentQuery> read, bool isHighlights)
    {
        MediaFiles files = MediaFiles.Videos(request.Root);
        MomentQuery[] queries = [.. read];
        return new MomentTask
        {
            Name = name,
            Split = split,
            Videos = queries.Select(query => query.Video).Distinct(StringComparer.Ordinal).ToDictionary(id => id, files.Of,
                StringComparer.Ordinal),
            Queries = queries,
            Score = isHighlights ? QvHighlightsScorer.Score : MomentScorer.Score,
        };
    }

    private static MomentQuery Create(int number, string text, string video, double duration, double start, double end)
    {
        TimeWindow window = new(start, Math.Max(start, end));
        return new MomentQuery(
            number.ToString(CultureInfo.InvariantCulture), text.Trim(), video, duration,
                [duration > 0 ? window.ClippedTo(duration) : window]);
    }

    // Clips that are not named were given nothing.
    private static int[][] ToClips(string source, JsonElement line, JsonElement scores, int count)
    {
        int[][] clips = [.. Enumerable.Range(0, count).Select(_ => new int[Annotators])];
        int[] ids = [.. line.GetProperty("relevant_clip_ids").EnumerateArray().Select(id => id.GetInt32())];
        if (ids.Length != scores.GetArrayLength() || ids.Any(id => id < 0 || id >= count))
        {
            throw new BenchmarkFormatException(source, $"scores of clips 0 to {count - 1}", $"clips {string.Join(", ", ids)}");
        }

        for (int i = 0; i < ids.Length; i++)
        {
            clips[ids[i]] = [.. scores[i].EnumerateArray().Select(score => score.GetInt32())];
        }

        return clips;
    }

    private static TimeWindow ToWindow(JsonElement window) => new(window[0].GetDouble(), window[1].GetDouble());

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && number >= 0;
}
