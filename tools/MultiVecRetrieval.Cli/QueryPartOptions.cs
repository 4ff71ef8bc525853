using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Cli;

/// <summary>Parts of a question as the command line says them.</summary>
internal static partial class QueryPartOptions
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Parts in words, or pictures where the words are the path of a file.</summary>
    /// <exception cref="FileNotFoundException">They look like the path of a picture, and there is none.</exception>
    public static IEnumerable<QueryPart> Words(QueryRole role, IReadOnlyList<string> words) => words.Select(text =>
        File.Exists(text) ? new QueryPart { ImagePath = text, Role = role }
        : PictureName().IsMatch(text) ? throw new FileNotFoundException($"No image file at {text}.")
        : new QueryPart { Text = text, Role = role });

    /// <summary>Parts in JSON; an image is the path of a file.</summary>
    /// <exception cref="UsageException">That is no part.</exception>
    public static IEnumerable<QueryPart> Parse(IReadOnlyList<string> parts)
    {
        foreach (string text in parts)
        {
            QueryPartBody body;
            try
            {
                body = JsonSerializer.Deserialize<QueryPartBody>(text, Json)
                    ?? throw new UsageException("--part takes an object, found null.");
            }
            catch (JsonException wrong) when (wrong.Path is { Length: > 2 } && wrong.Message.Contains("mapped", StringComparison.Ordinal))
            {
                throw new UsageException(
                    $"--part has no member '{wrong.Path[2..]}'; known are text, image, entry, rows, space, box, span, attribute, role, weight.");
            }
            catch (JsonException wrong)
            {
                throw new UsageException(
                    $"--part takes JSON such as '{{\"text\":\"at night\",\"role\":\"modifier\",\"weight\":0.5}}': {wrong.Message}");
            }

            if (body.Image is { } path && !File.Exists(path))
            {
                throw new FileNotFoundException($"No image file at {path}.");
            }

            yield return (body with { Image = null }).ToPart("--part") with { ImagePath = body.Image };
        }
    }

    // Nobody looks for such words, and a picture that is not there would be searched for by its name.
    [GeneratedRegex(@"^\S*[^\s.]\.(jpe?g|png|gif|webp|tiff?|bmp|avif|hei[cf]|jxl|jp2|svg)$|^\.{0,2}/\S+$", RegexOptions.IgnoreCase)]
    private static partial Regex PictureName();
}
