namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>How a query of a few words becomes a vector: the mean direction of several wordings of it.</summary>
internal sealed record ShortQueriesDescription
{
    private static readonly string[] Articles = ["a", "an", "the"];

    /// <summary>A query of at most this many words is short. At least 1.</summary>
    public required int MaxWords { get; init; }

    /// <summary>The wordings; <c>{}</c> stands for the query, <c>{a}</c> for the query with an article.</summary>
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>What is wrong with it, or null.</summary>
    public string? FindProblem() =>
        MaxWords < 1 ? $"text.shortQueries.maxWords is {MaxWords}; it is at least 1."
        : Prompts.Count == 0 || Prompts.Any(prompt => !prompt.Contains("{}", StringComparison.Ordinal)
            && !prompt.Contains("{a}", StringComparison.Ordinal))
            ? "text.shortQueries.prompts holds wordings with {} or {a} for the query."
        : null;

    /// <summary>The wordings of a query; none when it is not short.</summary>
    public IReadOnlyList<string> Expand(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words.Length > MaxWords)
        {
            return [];
        }

        string article = Articles.Contains(words[0], StringComparer.OrdinalIgnoreCase) ? ""
            : "aeiou".Contains(char.ToLowerInvariant(words[0][0]), StringComparison.Ordinal) ? "an " : "a ";
        return [.. Prompts.Select(prompt => prompt
            .Replace("{a}", article + text.Trim(), StringComparison.Ordinal).Replace("{}", text, StringComparison.Ordinal))];
    }
}
