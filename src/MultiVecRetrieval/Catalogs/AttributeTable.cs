using System.Text.Json;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Catalogs;

/// <summary>The attributes of entries and their values. Ids of entries only grow, so that the last one that was compared says what
/// waits.</summary>
internal static class AttributeTable
{
    public static List<AttributeState> List(SqliteConnection connection) => connection.ReadAll(
        row => new AttributeState(
            JsonSerializer.Deserialize<AttributeDefinition>(row.GetString(0), JsonSerializerOptions.Web)!,
            row.GetNullableString(1) is { } id ? new SpaceId(id) : default(SpaceId?),
            row.GetInt64(2)),
        """
        SELECT definition, space_id, (SELECT count(*) FROM entries WHERE id > last_entry) FROM attributes ORDER BY name
        """);

    /// <summary>Keys of entries that were not compared yet, oldest first.</summary>
    public static List<string> ListWaiting(SqliteConnection connection, string name, int limit) => connection.ReadAll(
        row => row.GetString(0),
        "SELECT key FROM entries WHERE id > (SELECT last_entry FROM attributes WHERE name = $1) ORDER BY id LIMIT $2",
        name,
        limit);

    public static List<KeyValuePair<string, AttributeValue>> GetValues(SqliteConnection connection, long entryId) =>
        connection.ReadAll(
            row => KeyValuePair.Create(row.GetString(0), new AttributeValue(row.GetString(1), row.GetDouble(2))),
            "SELECT attribute, value, similarity FROM attribute_values WHERE entry = $1 ORDER BY attribute, ordinal",
            entryId);

    /// <summary>Adds an attribute or changes it, which takes its values away; false where it is the same already.</summary>
    public static bool Set(SqliteConnection connection, AttributeDefinition attribute)
    {
        string definition = JsonSerializer.Serialize(attribute, JsonSerializerOptions.Web);
        if (connection.ReadString("SELECT definition FROM main.attributes WHERE name = $1", attribute.Name) == definition)
        {
            return false;
        }

        Remove(connection, attribute.Name);
        connection.Execute("INSERT INTO main.attributes VALUES ($1, $2, NULL, 0)", attribute.Name, definition);
        return true;
    }

    /// <summary>Removes an attribute with its values; false when there was none.</summary>
    public static bool Remove(SqliteConnection connection, string name)
    {
        connection.Execute("DELETE FROM main.attribute_values WHERE attribute = $1", name);
        return connection.Execute("DELETE FROM main.attributes WHERE name = $1", name) > 0;
    }

    /// <summary>Takes away all values that were found by another space.</summary>
    public static bool UseSpace(SqliteConnection connection, string name, SpaceId space)
    {
        if (connection.ReadString("SELECT space_id FROM main.attributes WHERE name = $1", name) == space.Value)
        {
            return false;
        }

        connection.Execute("DELETE FROM main.attribute_values WHERE attribute = $1", name);
        connection.Execute("UPDATE main.attributes SET space_id = $2, last_entry = 0 WHERE name = $1", name, space.Value);
        return true;
    }

    /// <summary>Saves what was found in entries, the oldest that waited.</summary>
    public static void Save(
        SqliteConnection connection, string name, IReadOnlyDictionary<string, IReadOnlyList<AttributeValue>> values)
    {
        if (connection.ReadInt64("SELECT 1 FROM main.attributes WHERE name = $1", name) is null)
        {
            return;
        }

        long last = 0;
        foreach ((string key, IReadOnlyList<AttributeValue> found) in values)
        {
            if (connection.ReadInt64("SELECT id FROM main.entries WHERE key = $1", key) is not { } id)
            {
                continue;
            }

            last = Math.Max(last, id);
            for (int i = 0; i < found.Count; i++)
            {
                connection.Execute(
                    "INSERT OR REPLACE INTO main.attribute_values VALUES ($1, $2, $3, $4, $5)", id, name, i, found[i].Value, found[i].Similarity);
            }
        }

        connection.Execute("UPDATE main.attributes SET last_entry = max(last_entry, $2) WHERE name = $1", name, last);
    }
}
