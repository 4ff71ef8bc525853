using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;

namespace MultiVecRetrieval.Search;

/// <summary>Turns a ranking into hits: loads their records, explains them, chooses what to read of their texts.</summary>
internal sealed class HitLoader(SqliteConnection connection, string catalogPath, SearchRequest request, PartRanking ranking)
{
    private readonly TextSide? _text = ranking.FindShownText();

    public List<SearchHit> Load(List<HitGroup> groups, CancellationToken cancellationToken)
    {
        PassageChooser passages = new(_text);
        HitTexts texts = _text?.Texts ?? new HitTexts(connection, catalogPath, []);
        List<SearchHit> hits = [];
        for (int i = request.Offset; i < Math.Min(groups.Count, (long)request.Offset + request.Top); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SearchHit best = LoadHit(passages, texts, groups[i].Best, rank: i + 1);
            hits.Add(best with
            {
                Others = [.. groups[i].Others.Where(other => ranking.IsLikely(other) || !best.IsLikely)
                    .Select((other, index) => LoadHit(passages, texts, other, rank: index + 2))],
            });
        }

        return hits;
    }

    private SearchHit LoadHit(PassageChooser passages, HitTexts texts, ScoredEntry scored, int rank)
    {
        long id = scored.EntryId;
        (Entry entry, Document document) = CatalogQueries.GetHit(connection, id)
            ?? throw new CatalogException(catalogPath, $"entry {id} has rows but no record.");
        (RankedSide Side, HitSource Source)[] sources = [.. FindSources(id)];
        HitMatch[] matches = request.Explain
            ? [.. FindMarkers(sources.Select(source => source.Side))
                .SelectMany(side => side.Explain(id).Select(match => match with { Part = side.Part }))]
            : [];
        return new SearchHit
        {
            Entry = entry,
            Document = document,
            Rank = rank,
            Score = scored.Score,
            IsLikely = ranking.IsLikely(scored),
            Sources = [.. sources.Select(source => source.Source)],
            Matches = matches,
            Passage = request.Explain ? ChoosePassage(passages, texts, id, sources, matches) : null,
        };
    }

    // The section decides where the entry stands higher by meaning than by words.
    private static HitPassage? ChoosePassage(
        PassageChooser passages, HitTexts texts, long id, (RankedSide Side, HitSource Source)[] sources, HitMatch[] matches)
    {
        if (texts.Read(id) is not { } text)
        {
            return null;
        }

        HitSource[] sections =
            [.. sources.Where(source => source.Side.Vectors?.Kind == EvidenceKind.Passages).Select(source => source.Source)];
        HitMatch? best = matches.Where(match => sections.Any(section => section.Name == match.Source && section.Part == match.Part))
            .MaxBy(match => match.Similarity);
        int byMeaning = sections.Select(section => section.Rank).DefaultIfEmpty(int.MaxValue).Min();
        int byWords = sources.Where(source => source.Side.Text is not null)
            .Select(source => source.Source.Rank).DefaultIfEmpty(int.MaxValue).Min();
        return passages.Choose(text, best?.Places ?? [], byMeaning < byWords);
    }

    private IEnumerable<RankedSide> FindMarkers(IEnumerable<RankedSide> found) =>
        found.Concat(ranking.Sides.Where(side => side.MarksAll && !request.AllParts[side.Part].IsExcluded))
            .Distinct(ReferenceEqualityComparer.Instance).Cast<RankedSide>();

    // What an answer must not meet did not find it.
    private IEnumerable<(RankedSide Side, HitSource Source)> FindSources(long entryId)
    {
        foreach (RankedSide side in ranking.Sides.Where(side => !request.AllParts[side.Part].IsExcluded))
        {
            for (int i = 0; i < side.Entries.Count; i++)
            {
                if (side.Entries[i].EntryId == entryId)
                {
                    yield return (side, new HitSource(side.Name, i + 1, side.Entries[i].Score) { Part = side.Part });
                }
            }
        }
    }
}
