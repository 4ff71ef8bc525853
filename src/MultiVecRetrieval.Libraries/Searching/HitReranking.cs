using System.Diagnostics;
using MultiVecRetrieval.Encoding.Reranking;
using MultiVecRetrieval.Libraries.Models;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>Scores the best hits of a search again by a reranker and puts them in its order.</summary>
/// <remarks>
/// Hits that are likely stay before those that are not, and a hit is likely, too, when its relevance is at least a half. Hits without a
/// text (photographs) keep their places: the others change places among themselves.
/// </remarks>
internal sealed class HitReranking(ModelShelf models, LibraryOptions options)
{
    private const double LikelyRelevance = 0.5;

    /// <exception cref="SearchOptionException">The option is out of range, or goes not together with another one.</exception>
    /// <exception cref="RerankTimeoutException">The reranker took too long.</exception>
    public SearchResult Search(
        Snapshot snapshot, LibraryQuery query, Func<LibraryQuery, SearchResult> search, CancellationToken cancellationToken)
    {
        RerankOptions rerank = query.Rerank!;
        string asked = Check(query, rerank);
        RerankerModel model = models.LoadReranker(models.Find(rerank.Model));
        SearchResult found = search(query with
        {
            Rerank = null,
            Top = Math.Max(rerank.Candidates, query.Offset + query.Top),
            Offset = 0,
            Explain = true,
        });

        long start = Stopwatch.GetTimestamp();
        SearchHit[] hits = [.. found.Hits];
        int[] places = [.. Enumerable.Range(0, Math.Min(rerank.Candidates, hits.Length))];
        string[] texts = [.. places.Select(place => ReadText(snapshot, hits[place]))];
        places = [.. places.Where(place => texts[place].Length > 0)];
        IReadOnlyList<PairRelevance> scores = Score(model, rerank, asked, [.. places.Select(place => texts[place])], cancellationToken);
        SearchHit[] ordered = [.. Order(hits, places, scores, model.Contract.Name)];
        Replace(hits, places, ordered);
        return Finish(query, found, hits, model.Contract, scores, Stopwatch.GetElapsedTime(start));
    }

    private static string Check(LibraryQuery query, RerankOptions rerank)
    {
        rerank.Check();
        if (query.Combine == QueryCombination.Sequence || query is not { Order: null, Diversity: 0 })
        {
            throw new SearchOptionException(
                "rerank", "A reranker decides the order of hits; a sequence, sort and diversity do so, too. Leave out one of them.");
        }

        string text = string.Join(
            ' ', query.AllParts.Where(part => part is { Text: not null, IsWanted: true }).Select(part => part.Text));
        string asked = SearchText.WithoutOperators(text);
        return asked.Length > 0 ? asked : throw new SearchOptionException(
            "rerank", "A reranker reads texts; the question has none that says what is looked for.");
    }

    // What matched, else how the text begins: the model reads as much of it as it can.
    private static string ReadText(Snapshot snapshot, SearchHit hit) =>
        (hit.Passage?.Text ?? snapshot.Entries.GetText(hit.Entry.Key)?.Text ?? "").Trim();

    private IReadOnlyList<PairRelevance> Score(
        RerankerModel model, RerankOptions rerank, string asked, string[] texts, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(rerank.TimeLimit);
        try
        {
            return model.Score(asked, texts, options.Threads > 0 ? options.Threads : Environment.ProcessorCount, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RerankTimeoutException(model.Contract.Name, rerank.TimeLimit, texts.Length);
        }
        catch (ArgumentException tooLong)
        {
            throw new InvalidQueryException(ErrorText.Get(tooLong), "rerank");
        }
    }

    private static IEnumerable<SearchHit> Order(SearchHit[] hits, int[] places, IReadOnlyList<PairRelevance> scores, string model) =>
        places.Select((place, index) => (Hit: hits[place], Score: scores[index]))
            .Select(scored => (scored.Score, Hit: scored.Hit with
            {
                IsLikely = scored.Hit.IsLikely || scored.Score.Relevance >= LikelyRelevance,
            }))
            .OrderByDescending(scored => scored.Hit.IsLikely).ThenByDescending(scored => scored.Score.Score)
            .Select((scored, index) => scored.Hit with
            {
                Score = scored.Score.Relevance,
                Sources =
                [
                    .. scored.Hit.Sources,
                    new HitSource("search", scored.Hit.Rank, scored.Hit.Score),
                    new HitSource($"rerank:{model}", index + 1, scored.Score.Score),
                ],
            });

    private static void Replace(SearchHit[] hits, int[] places, SearchHit[] ordered)
    {
        for (int i = 0; i < places.Length; i++)
        {
            hits[places[i]] = ordered[i];
        }

        // A hit that became likely stands before hits without a text that are not.
        SearchHit[] all = [.. hits.OrderByDescending(hit => hit.IsLikely).Select((hit, index) => hit with { Rank = index + 1 })];
        all.CopyTo(hits, 0);
    }

    private static SearchResult Finish(
        LibraryQuery query, SearchResult found, SearchHit[] hits, RerankerContract model, IReadOnlyList<PairRelevance> scores,
        TimeSpan elapsed)
    {
        List<string> notices = [.. found.Notices];
        if (hits.Any(hit => hit.IsLikely))
        {
            notices.Remove(QuerySearch.NothingMatches);
        }

        int without = Math.Min(query.Rerank!.Candidates, hits.Length) - scores.Count;
        int cut = scores.Count(score => score.OmittedTokenCount > 0);
        if (without > 0)
        {
            notices.Add($"{without} of the best hits have no text for {model.Name} to read; they keep their places.");
        }

        if (cut > 0)
        {
            notices.Add($"{model.Name} read the beginning of {cut} texts: it reads {model.MaxTokens} tokens with the question.");
        }

        SearchPlan plan = new()
        {
            Side = $"rerank:{model.Name}",
            Stages = ["search", "rerank"],
            Budget = query.Rerank.Candidates,
            ExactCount = scores.Count,
            IsExact = true,
            Reason = $"the question says so: {scores.Count} of the best {Math.Min(query.Rerank.Candidates, hits.Length)} hits were scored again",
        };
        IEnumerable<SearchHit> page = hits.Skip(query.Offset).Take(query.Top);
        return found with
        {
            Hits = [.. query.Explain ? page : page.Select(hit => hit with { Matches = [], Moments = [], Passage = null })],
            HasMore = found.HasMore || hits.Length > query.Offset + query.Top,
            Plans = [.. found.Plans, plan],
            Notices = notices,
            TimingsMs = new Dictionary<string, double>(found.TimingsMs) { ["rerank"] = elapsed.TotalMilliseconds },
        };
    }
}
