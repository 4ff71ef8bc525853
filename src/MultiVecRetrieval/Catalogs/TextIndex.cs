using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Catalogs;

/// <summary>
/// The full-text index: an FTS5 table over the words that <see cref="TextAnalyzer"/> finds, by entry. The columns: <c>words</c> and
/// <c>stems</c> of the text, <c>about</c> for what the document is called and tagged with.
/// </summary>
internal static class TextIndex
{
    /// <summary>Makes the empty table; part of the catalog's schema.</summary>
    public const string Schema = """
        CREATE TABLE terms (entry INTEGER PRIMARY KEY, words TEXT NOT NULL, stems TEXT NOT NULL, about TEXT NOT NULL);
        CREATE VIRTUAL TABLE texts_index USING fts5(
            words, stems, about, content='terms', content_rowid='entry',
            tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
        """;

    /// <summary>Makes the terms of the index readable; of a connection, before it may only read.</summary>
    public const string OpenTerms = "CREATE VIRTUAL TABLE temp.index_terms USING fts5vocab('main', 'texts_index', 'row')";

    private const string VersionCounter = "text_analysis";

    /// <summary>What a search by name, folder, title or metadata finds a document's entries by.</summary>
    public static string DescribeDocument(Document document) => DescribeDocument(
        document.Key, document.Title,
        document.Metadata.Values.SelectMany(value => value.Elements).Select(value => value.Value).OfType<string>());

    /// <summary>Makes the index anew where it was made by an analysis that found other words.</summary>
    public static void Refresh(SqliteConnection connection)
    {
        if (CatalogQueries.GetCounter(connection, VersionCounter) == TextAnalyzer.Version)
        {
            return;
        }

        connection.Execute("BEGIN IMMEDIATE");
        connection.Execute("DELETE FROM terms");
        Dictionary<long, string> about = [];
        foreach ((long id, string key, string? title) in connection.ReadAll(
            row => (row.GetInt64(0), row.GetString(1), row.GetNullableString(2)), "SELECT id, key, title FROM documents"))
        {
            about.Add(id, DescribeDocument(key, title, connection.ReadAll(
                row => row.GetString(0), "SELECT value FROM metadata WHERE document = $1 AND typeof(value) = 'text'", id)));
        }

        foreach ((long entry, long document) in connection.ReadAll(
            row => (row.GetInt64(0), row.GetInt64(1)), "SELECT id, document FROM entries ORDER BY id"))
        {
            AnalyzedText text = TextAnalyzer.Analyze(connection.ReadString("SELECT text FROM texts WHERE entry = $1", entry) ?? "");
            connection.Execute(
                "INSERT INTO terms VALUES ($1, $2, $3, $4)", entry, text.JoinSurfaces(), text.JoinStems(), about[document]);
        }

        connection.Execute("INSERT INTO texts_index (texts_index) VALUES ('rebuild')");

        connection.Execute("INSERT OR REPLACE INTO counters VALUES ($1, $2)", VersionCounter, TextAnalyzer.Version);
        connection.Execute("COMMIT");
    }

    /// <summary>The words of an entry's text in their order, a space between two.</summary>
    public static string GetWords(SqliteConnection connection, long entryId) =>
        connection.ReadString("SELECT words FROM terms WHERE entry = $1", entryId) ?? "";

    /// <summary>The words that an entry is found by besides those of its text.</summary>
    public static string[] GetAbout(SqliteConnection connection, long entryId) =>
        (connection.ReadString("SELECT about FROM terms WHERE entry = $1", entryId) ?? "").Split(' ');

    /// <summary>The languages of which the index has stems.</summary>
    public static List<TextLanguage> FindLanguages(SqliteConnection connection) => [.. TextLanguage.All.Where(language =>
        connection.ReadString("SELECT term FROM temp.index_terms WHERE term > $1 LIMIT 1", language.Mark(""))
            ?.StartsWith(language.Mark(""), StringComparison.Ordinal) == true)];

    /// <summary>Removes entries from the index.</summary>
    /// <param name="connection">The connection of the transaction.</param>
    /// <param name="entries">A list of ids in SQL, with <paramref name="parameter"/> as $1.</param>
    /// <param name="parameter">What the list depends on.</param>
    public static void Remove(SqliteConnection connection, string entries, long parameter)
    {
        connection.Execute(
            $"""
            INSERT INTO main.texts_index (texts_index, rowid, words, stems, about)
                SELECT 'delete', entry, words, stems, about FROM main.terms WHERE entry IN {entries}
            """,
            parameter);
        connection.Execute($"DELETE FROM main.terms WHERE entry IN {entries}", parameter);
    }

    private static string DescribeDocument(string key, string? title, IEnumerable<string> metadata)
    {
        // A name such as IMG_2041-harbour.jpg is words too.
        AnalyzedText text = TextAnalyzer.Analyze(string.Join('\n', [key, title ?? "", .. metadata]));
        return $"{text.JoinSurfaces()} {text.JoinStems()}";
    }
}
