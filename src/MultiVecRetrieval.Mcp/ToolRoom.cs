using Microsoft.Extensions.Logging;

namespace MultiVecRetrieval.Mcp;

/// <summary>What all tools work with.</summary>
/// <param name="Library">The collections.</param>
/// <param name="Options">What the tools may do.</param>
/// <param name="Logger">Told of failures that nobody foresaw; null for nobody.</param>
internal sealed record ToolRoom(Library Library, McpOptions Options, ILogger? Logger)
{
    /// <summary>The names of the collections that there are for the tools.</summary>
    public IEnumerable<string> ListCollections() => Library.ListCollections().Where(IsOpen);

    /// <summary>A collection by its name.</summary>
    /// <exception cref="ToolException">It is none for the tools.</exception>
    /// <exception cref="CollectionNotFoundException">There is none of that name.</exception>
    public Collection Open(string name) => IsOpen(name) ? Library.GetCollection(name) : throw Unknown(name);

    /// <summary>Refuses a collection that is none for the tools, whether there is one or not.</summary>
    /// <exception cref="ToolException">It is none for them.</exception>
    public void CheckOpen(string name)
    {
        if (!IsOpen(name))
        {
            throw Unknown(name);
        }
    }

    /// <summary>A number of results, checked.</summary>
    /// <exception cref="ToolException">It is below 1 or over the limit.</exception>
    public int Limit(string argument, int? value, int standard)
    {
        int limit = value ?? Math.Min(standard, Options.MaxTop);
        return limit < 1 ? throw new ToolException($"{argument} is {limit}; it must be at least 1.")
            : limit > Options.MaxTop ? throw OverLimit($"{argument} is {limit}", Options.MaxTop, Options.MaxTopSetting)
            : limit;
    }

    /// <summary>A text that is asked for, checked.</summary>
    /// <exception cref="ToolException">It is empty or too long.</exception>
    public string CheckQuery(string argument, string text) =>
        string.IsNullOrWhiteSpace(text) ? throw new ToolException($"{argument} is empty; give words to look for.")
            : text.Length > Options.MaxQueryLength
            ? throw OverLimit($"{argument} has {text.Length} characters", Options.MaxQueryLength, Options.MaxQueryLengthSetting)
            : text.Trim();

    /// <summary>A filter, or null.</summary>
    /// <exception cref="ToolException">It is too long.</exception>
    /// <exception cref="FilterSyntaxException">It is none.</exception>
    public Filter? ReadFilter(string? expression) =>
        string.IsNullOrWhiteSpace(expression) ? null : Filter.Parse(CheckQuery("filter", expression));

    private bool IsOpen(string name) => Options.IsOpen?.Invoke(name) ?? true;

    private static ToolException Unknown(string name) =>
        new($"There is no collection '{name}'. The tool list_collections names those there are.");

    private static ToolException OverLimit(string found, int limit, string? setting) =>
        new($"{found}; the most is {limit}{(setting is null ? "" : $" (setting {setting})")}.");
}
