using System.Text.Json;
using MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Reads a pattern of tokenizer.json: a literal or a regular expression.</summary>
internal static class PatternJson
{
    /// <exception cref="FormatException">It is neither, or an expression that is not supported.</exception>
    public static ITextPattern Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            return new LiteralPattern(json.GetString()!);
        }

        if (json.TryGetProperty("String", out JsonElement literal))
        {
            return new LiteralPattern(literal.GetString()!);
        }

        return json.TryGetProperty("Regex", out JsonElement regex)
            ? new RegexPattern(regex.GetString()!)
            : throw new FormatException($"pattern {json.GetRawText()} is neither a String nor a Regex");
    }
}
