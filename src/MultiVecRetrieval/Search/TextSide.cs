using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;

namespace MultiVecRetrieval.Search;

/// <summary>BM25 over the text layers, by FTS5.</summary>
internal sealed class TextSide(SqliteConnection connection, string text, string catalogPath)
{
    public const string Name = "text";

    // Stored texts hold neither character, so the marks cannot be mistaken.
    private const char MatchStart = '\u0001';
    private const char MatchEnd = '\u0002';

    public IReadOnlyList<string> Terms { get; } = FullTextQuery.GetTerms(text);

    /// <summary>Entries with any of the words. FTS5's bm25() is negative, better lower; the score is its opposite.</summary>
    public List<ScoredEntry> Score(EntrySet? filter, long? excluded, CancellationToken cancellationToken)
    {
        List<ScoredEntry> scored = [];
        if (Terms.Count == 0)
        {
            return scored;
        }

        using SqliteCommand command = connection.Build(
            "SELECT rowid, bm25(texts_index) FROM texts_index WHERE texts_index MATCH $1", FullTextQuery.Build(Terms));
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            long id = reader.GetInt64(0);
            if (id != excluded && (filter is null || filter.Contains(id)))
            {
                scored.Add(new ScoredEntry(id, -reader.GetDouble(1)));
            }
        }

        return scored;
    }

    /// <summary>The boxes of the words that matched. FTS5 itself marks them, so the folding is the tokenizer's own.</summary>
    public IEnumerable<HitMatch> Explain(long entryId)
    {
        if (CatalogQueries.GetText(connection, entryId, catalogPath) is not { Words.Count: > 0 } layer)
        {
            yield break;
        }

        foreach (string term in Terms)
        {
            string? marked = connection.ReadString(
                "SELECT highlight(texts_index, 0, char(1), char(2)) FROM texts_index WHERE texts_index MATCH $1 AND rowid = $2",
                FullTextQuery.Quote(term),
                entryId);
            if (marked is null)
            {
                continue;
            }

            foreach ((int start, int end) in FindMarks(marked))
            {
                foreach (TextWord word in layer.Words)
                {
                    if (word.Offset < end && word.Offset + word.Length > start)
                    {
                        yield return new HitMatch(term, 1, word.Place, Name);
                    }
                }
            }
        }
    }

    private static List<(int Start, int End)> FindMarks(string marked)
    {
        List<(int, int)> marks = [];
        int removed = 0;
        int start = 0;
        for (int i = 0; i < marked.Length; i++)
        {
            if (marked[i] == MatchStart)
            {
                start = i - removed++;
            }
            else if (marked[i] == MatchEnd)
            {
                marks.Add((start, i - removed++));
            }
        }

        return marks;
    }
}
