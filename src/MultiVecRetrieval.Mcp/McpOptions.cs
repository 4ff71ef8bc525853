namespace MultiVecRetrieval.Mcp;

/// <summary>What the tools may do and where results point; the server and the command line each have their own.</summary>
public sealed record McpOptions
{
    /// <summary>The collection of a search that names none; null, the default, searches all.</summary>
    public string? DefaultCollection { get; init; }

    /// <summary>Most results of one call. At least 1. Default 200.</summary>
    public int MaxTop { get; init; } = 200;

    /// <summary>Longest query or filter in characters. At least 1. Default 4000.</summary>
    public int MaxQueryLength { get; init; } = 4_000;

    /// <summary>The setting that draws the line of <see cref="MaxTop"/>, named in errors; null where there is none.</summary>
    public string? MaxTopSetting { get; init; }

    /// <summary>The setting that draws the line of <see cref="MaxQueryLength"/>; null where there is none.</summary>
    public string? MaxQueryLengthSetting { get; init; }

    /// <summary>The address of a document's file, by collection. Default: the file itself.</summary>
    public Func<string, Document, string> DocumentAddress { get; init; } = FileAddress.Of;

    /// <summary>True for the collections that the tools know; others are not there for them. Null, the default: all.</summary>
    public Func<string, bool>? IsOpen { get; init; }

    /// <summary>Below which folders paths may be indexed; null, the default, offers no tool that indexes.</summary>
    public AllowedFolders? IndexFolders { get; init; }
}
