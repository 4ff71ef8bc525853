using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Media;

/// <summary>
/// Retrieval of videos by what is said of them. The other direction is read from the same scores, as official scripts do: a video's
/// captions are ranked by their scores for it, those of one video as one.
/// </summary>
internal static class VideoTask
{
    /// <summary>The task.</summary>
    public static IReadOnlyList<BenchmarkTask> Create(string name, SuiteRequest request, IEnumerable<CaptionedVideo> captioned)
    {
        CaptionedVideo[] videos = [.. captioned];
        MediaFiles files = MediaFiles.Videos(request.Root);
        List<BenchmarkQuery> queries = [];
        Judgements judgements = new();
        Dictionary<string, string> videoOf = new(StringComparer.Ordinal);
        foreach (CaptionedVideo video in videos)
        {
            for (int i = 0; i < video.Captions.Count; i++)
            {
                string id = FormattableString.Invariant($"{video.Id}/{i}");
                queries.Add(new BenchmarkQuery(id) { Text = video.Captions[i] });
                judgements.Add(id, video.Id, 1);
                videoOf[id] = video.Id;
            }
        }

        return
        [
            new BenchmarkTask
            {
                Name = name,
                Corpus = _ => MediaFiles.ToItems(videos.Select(video => (video.Id, files.Of(video.Id)))),
                Queries = queries,
                Judgements = judgements,
                Measures = ["hit@1", "hit@5", "hit@10", "rank"],
                Depth = videos.Length,
                Special = run => ScoreVideos(run, videoOf),
            },
        ];
    }

    /// <summary>Video to text: hits and rank of a video's own captions.</summary>
    /// <param name="run">Scores of videos by caption; what is not ranked comes last.</param>
    /// <param name="videoOf">The video of each caption.</param>
    internal static IReadOnlyList<SpecialScore> ScoreVideos(RankedRun run, IReadOnlyDictionary<string, string> videoOf)
    {
        // The best score that any caption of one video gives another.
        Dictionary<string, Dictionary<string, double>> best = new(StringComparer.Ordinal);
        foreach ((string caption, string owner) in videoOf)
        {
            foreach ((string video, double score) in run.Scores(caption))
            {
                Dictionary<string, double> ofVideo = best.TryGetValue(video, out Dictionary<string, double>? found)
                    ? found : best[video] = new Dictionary<string, double>(StringComparer.Ordinal);
                ofVideo[owner] = Math.Max(score, ofVideo.GetValueOrDefault(owner, double.NegativeInfinity));
            }
        }

        string[] videos = [.. videoOf.Values.Distinct(StringComparer.Ordinal)];
        Dictionary<string, double> ranks = videos.ToDictionary(
            video => video,
            video => best.TryGetValue(video, out Dictionary<string, double>? scores) && scores.TryGetValue(video, out double own)
                ? 1.0 + scores.Count(pair => pair.Value > own || (pair.Value == own && string.CompareOrdinal(pair.Key, video) > 0))
                : videos.Length);
        return
        [
            .. ((int[])[1, 5, 10]).Select(k => new SpecialScore(
                FormattableString.Invariant($"v2t hit@{k}"), ranks.ToDictionary(pair => pair.Key, pair => pair.Value <= k ? 1.0 : 0))),
            new SpecialScore("v2t rank", ranks),
        ];
    }
}
