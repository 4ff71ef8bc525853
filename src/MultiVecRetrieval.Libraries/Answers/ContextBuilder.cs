using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Libraries.Answers;

/// <summary>Chooses sources among hits and fills the budget with their text.</summary>
/// <param name="library">Where texts and pictures are.</param>
internal sealed class ContextBuilder(Library library)
{
    private const int BytesPerToken = 3;
    private const int GrowWords = 48;

    // A request is one body in memory, here and at the endpoint.
    private const long MaxPictureBytes = 32 << 20;

    public async Task<AnswerContext> BuildAsync(
        AnswerRequest request, string question, SearchResult result, CancellationToken cancellationToken)
    {
        AnswerOptions options = library.Options.Answer;
        int maxTokens = request.MaxContextTokens ?? options.MaxContextTokens;
        bool showsPictures = request.Pictures ?? options.Pictures;
        List<string> notices = [.. result.Notices];
        List<SourceDraft> drafts = ReadHits(request.Search.Collection, result, showsPictures, notices);
        List<SourceDraft> chosen = Fill(drafts, (long)maxTokens * BytesPerToken, notices, out long byteCount);
        AnswerSource[] sources = [.. chosen.Select((draft, i) => draft.ToSource(i + 1))];
        return new AnswerContext
        {
            Question = question,
            Sources = sources,
            Pictures = showsPictures
                ? await DrawAsync(request.Search.Collection, sources, options, notices, cancellationToken).ConfigureAwait(false)
                : [],
            Markdown = AnswerPrompt.WriteMarkdown(question, sources),
            TokenCount = (int)SourceText.CountTokens(byteCount),
            MaxTokens = maxTokens,
            Notices = notices,
        };
    }

    private List<SourceDraft> ReadHits(string collection, SearchResult result, bool showsPictures, List<string> notices)
    {
        CollectionEntries entries = library.GetCollection(collection).Entries;
        List<SourceDraft> drafts = [];
        int unreadable = 0;
        foreach (SearchHit hit in InTurns(result.Hits))
        {
            SourceDraft draft = new(hit, entries.GetText(hit.Entry.Key));
            if (draft.HasText || showsPictures)
            {
                drafts.Add(draft);
            }
            else
            {
                unreadable++;
            }
        }

        if (unreadable > 0)
        {
            notices.Add(FormattableString.Invariant(
                $"{unreadable} of what was found has no text and was left out; with pictures (setting answer:pictures) a model that sees gets them."));
        }

        return drafts;
    }

    // The best of every document, then the second best of each: one document does not fill everything.
    private static IEnumerable<SearchHit> InTurns(IReadOnlyList<SearchHit> hits)
    {
        SearchHit[] likely = [.. hits.Where(hit => hit.IsLikely)];
        int turns = likely.Length == 0 ? 0 : likely.Max(hit => hit.Others.Count) + 1;
        return Enumerable.Range(0, turns).SelectMany(turn => likely.Where(hit => hit.Others.Count >= turn)
            .Select(hit => turn == 0 ? hit : hit.Others[turn - 1])).Where(hit => hit.IsLikely);
    }

    // Every source gets its passage first, as far as they fit; what is left of the budget goes to what stands around them, in turns.
    private static List<SourceDraft> Fill(List<SourceDraft> drafts, long maxBytes, List<string> notices, out long byteCount)
    {
        List<SourceDraft> chosen = [];
        byteCount = 0;
        foreach (SourceDraft draft in drafts)
        {
            int number = chosen.Count + 1;
            if (draft.Shrink(number, maxBytes - byteCount))
            {
                chosen.Add(draft);
                byteCount += draft.CountBytes(number);
            }
        }

        if (chosen.Count < drafts.Count)
        {
            notices.Add(FormattableString.Invariant(
                $"{drafts.Count - chosen.Count} of {drafts.Count} sources did not fit into the budget (setting answer:maxContextTokens)."));
        }

        HashSet<int> growing = [.. Enumerable.Range(0, chosen.Count)];
        while (growing.Count > 0)
        {
            foreach (int i in growing.Order().ToArray())
            {
                long own = chosen[i].CountBytes(i + 1);
                if (chosen[i].Grow(i + 1, GrowWords, maxBytes - byteCount + own))
                {
                    byteCount += chosen[i].CountBytes(i + 1) - own;
                }
                else
                {
                    growing.Remove(i);
                }
            }
        }

        return chosen;
    }

    private async Task<IReadOnlyList<AnswerPicture>> DrawAsync(
        string collection, AnswerSource[] sources, AnswerOptions options, List<string> notices, CancellationToken cancellationToken)
    {
        List<AnswerPicture> pictures = [];
        long byteCount = 0;
        foreach (AnswerSource source in sources.Where(source => source.Entry.MediaType is not (MediaType.Text or MediaType.Record))
            .Take(options.MaxPictures))
        {
            try
            {
                double? time = source.StartSeconds is { } start && source.EndSeconds is { } end ? (start + end) / 2 : null;
                byte[] jpeg = await library.GetPictureAsync(collection, source.Entry.Key, options.PictureSide, time, cancellationToken)
                    .ConfigureAwait(false);
                byteCount += jpeg.Length;
                if (byteCount > MaxPictureBytes)
                {
                    notices.Add(FormattableString.Invariant(
                        $"Pictures from source [{source.Number}] on are left out: together they have more than {MaxPictureBytes >> 20} MiB."));
                    break;
                }

                pictures.Add(new AnswerPicture(source.Number, jpeg));
            }
            catch (Exception error) when (error is SourceMissingException or MediaException or EntryNotFoundException)
            {
                notices.Add(FormattableString.Invariant($"There is no picture of source [{source.Number}]: {error.Message}"));
            }
        }

        return pictures;
    }
}
