using System.Globalization;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Filters;

namespace MultiVecRetrieval.Catalogs;

/// <summary>Puts entries in order by a field, and counts the values of one.</summary>
internal static class FieldValues
{
    /// <summary>The SQL by which entries stand in order, over <c>entries e</c> and <c>documents d</c>.</summary>
    /// <param name="order">The order.</param>
    /// <param name="parameter">The number of a parameter that is free; its value is <paramref name="argument"/>.</param>
    /// <param name="argument">The name of the metadata; null where the field is a column.</param>
    public static string OrderBy(EntryOrder order, int parameter, out string? argument)
    {
        FilterField field = FilterField.Find(order.Field)!;
        argument = field.Column is null ? field.StoredName : null;
        string value = field switch
        {
            { Column: { } column } => column,
            { Kind: FieldKind.Date } => First("ticks(value)"),
            _ => First("value"),
        };
        return $"{value} {(order.IsDescending ? "DESC" : "ASC")} NULLS LAST, d.key, e.ordinal";

        string First(string what) =>
            $"(SELECT {what} FROM {field.Rows} m WHERE {field.Link} ${parameter} ORDER BY ordinal LIMIT 1)";
    }

    /// <summary>The entries of a list in order.</summary>
    public static List<long> Sort(SqliteConnection connection, EntryOrder order, IEnumerable<long> entryIds)
    {
        string by = OrderBy(order, parameter: 2, out string? name);
        return connection.ReadAll(
            row => row.GetInt64(0),
            $"""
            SELECT e.id FROM entries e JOIN documents d ON d.id = e.document
            WHERE e.id IN (SELECT value FROM json_each($1)) ORDER BY {by}
            """,
            Json(entryIds), name);
    }

    /// <summary>Counts the values of a field among the entries that meet a condition.</summary>
    /// <param name="connection">The catalog.</param>
    /// <param name="name">The field.</param>
    /// <param name="condition">What entries meet, its parameters numbered from 3.</param>
    /// <param name="limit">Values at most.</param>
    /// <exception cref="SearchOptionException">There is no such field.</exception>
    public static Facet Count(SqliteConnection connection, string name, SqlCondition condition, int limit)
    {
        FilterField field = FilterField.Find(name)
            ?? throw new SearchOptionException("facets", $"There is no field '{name}' to count; there are {FilterField.Known}.");
        string value = field is { Kind: FieldKind.Date } ? $"year({field.Column ?? "m.value"})" : field.Column ?? "m.value";
        string values = $"""
            SELECT {value} AS value, {(field.MayBeBool ? "m.is_bool" : "0")} AS is_bool,
                count(DISTINCT e.id) AS count
            FROM entries e JOIN documents d ON d.id = e.document
                {(field.Column is null ? $"JOIN {field.Rows} m ON {field.Link} $1" : "")}
            WHERE {condition.Sql} GROUP BY 1, 2 HAVING value IS NOT NULL
            """;
        object?[] parameters = [field.StoredName, limit, .. condition.Parameters];
        List<FacetValue> found = connection.ReadAll(
            row => ToFacetValue(field, CatalogQueries.ReadMetadata(row), row.GetInt64(0)),
            $"SELECT count, value, is_bool FROM ({values}) ORDER BY count DESC, value LIMIT $2", parameters);
        long all = found.Count < limit
            ? found.Count
            : connection.ReadInt64($"SELECT count(*) FROM ({values})", parameters) ?? 0;
        return new Facet(name, found, all - found.Count);
    }

    /// <summary>Counts the values of a field among entries.</summary>
    public static Facet Count(SqliteConnection connection, string name, IEnumerable<long> entryIds, int limit) => Count(
        connection, name, new SqlCondition("e.id IN (SELECT value FROM json_each($3))", [Json(entryIds)]), limit);

    private static FacetValue ToFacetValue(FilterField field, MetadataValue stored, long count)
    {
        MetadataValue value = field.Kind switch
        {
            FieldKind.MediaType => ((MediaType)(double)stored.Value).ToString().ToLowerInvariant(),
            FieldKind.Date => ((double)stored.Value).ToString("0000", CultureInfo.InvariantCulture),
            _ => stored,
        };
        return new FacetValue(value, count, Filter.Equal(field.Name, value));
    }

    private static string Json(IEnumerable<long> entryIds) => $"[{string.Join(',', entryIds)}]";
}
