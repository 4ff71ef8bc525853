using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>The names of what a picture shows, as the image graph gives them.</summary>
internal sealed record TagsDescription
{
    /// <summary>Name of the output [1, tags] of probabilities.</summary>
    public required string Output { get; init; }

    /// <summary>
    /// File with the names, relative to the folder: a JSON array of objects with a "tag", perhaps the "kinds" that it belongs to, and
    /// "isGiven" false where the class helps to place a picture but is no word for one. Equal names are one tag.
    /// </summary>
    public required string Names { get; init; }

    /// <summary>Probability from which a tag is given, in (0, 1].</summary>
    public required double Threshold { get; init; }

    /// <summary>Reads the names of each class, lower-case: its own and those of its kinds; none for a class that is never given.</summary>
    /// <exception cref="ModelFormatException">The file is missing or holds no names.</exception>
    public string[][] ReadNames(string folder)
    {
        string path = Path.Combine(folder, Names);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. document.RootElement.EnumerateArray().Select(NamesOf)];
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ModelFormatException(folder, $"{Names} holds no names of tags: {error.Message}", error);
        }
    }

    private static string[] NamesOf(JsonElement item)
    {
        if (item.TryGetProperty("isGiven", out JsonElement given) && !given.GetBoolean())
        {
            return [];
        }

        IEnumerable<JsonElement> kinds = item.TryGetProperty("kinds", out JsonElement found) ? found.EnumerateArray() : [];
        return [.. kinds.Prepend(item.GetProperty("tag")).Select(name => name.GetString()!.ToLowerInvariant()).Distinct()];
    }
}
