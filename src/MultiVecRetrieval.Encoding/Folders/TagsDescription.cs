using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>The names of what a picture shows, as the image graph gives them.</summary>
internal sealed record TagsDescription
{
    /// <summary>Name of the output [1, tags] of probabilities.</summary>
    public required string Output { get; init; }

    /// <summary>File with the names, relative to the folder: a JSON array of objects with a "tag", and "isGiven" false where the class helps
    /// to place a picture but is no word for one. Equal names are one tag.</summary>
    public required string Names { get; init; }

    /// <summary>Probability from which a tag is given, in (0, 1].</summary>
    public required double Threshold { get; init; }

    /// <summary>Reads the names, lower-case; null for a class that is never given.</summary>
    /// <exception cref="ModelFormatException">The file is missing or holds no names.</exception>
    public string?[] ReadNames(string folder)
    {
        string path = Path.Combine(folder, Names);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. document.RootElement.EnumerateArray().Select(item =>
                item.TryGetProperty("isGiven", out JsonElement given) && !given.GetBoolean()
                    ? null
                    : item.GetProperty("tag").GetString()!.ToLowerInvariant())];
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ModelFormatException(folder, $"{Names} holds no names of tags: {error.Message}", error);
        }
    }
}
