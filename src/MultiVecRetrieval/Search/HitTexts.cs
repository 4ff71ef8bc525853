using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Search;

/// <summary>Texts of hits with what a query asks for in them. A hit is explained and its passage chosen one after the other, so that the
/// last text is kept: reading and analysing a page takes longer than either. Not thread-safe.</summary>
/// <param name="connection">The catalog.</param>
/// <param name="catalogPath">Its file, for errors.</param>
/// <param name="clauses">What the query asks for; empty when full text was not asked.</param>
internal sealed class HitTexts(SqliteConnection connection, string catalogPath, IReadOnlyList<TextClause> clauses)
{
    private long _lastId = -1;
    private HitText? _last;

    /// <summary>The text of an entry; null when it has none.</summary>
    public HitText? Read(long entryId)
    {
        if (entryId != _lastId)
        {
            _lastId = entryId;
            _last = CatalogQueries.GetText(connection, entryId, catalogPath) is { } layer ? Analyze(layer) : null;
        }

        return _last;
    }

    private HitText Analyze(TextLayer layer)
    {
        AnalyzedText analyzed = TextAnalyzer.Analyze(layer.Text);
        return new HitText(layer, analyzed, TextMarks.Find(analyzed, clauses));
    }
}
