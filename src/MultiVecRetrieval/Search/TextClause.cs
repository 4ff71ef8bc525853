namespace MultiVecRetrieval.Search;

/// <summary>One thing that a text query asks for: a word, the beginning of one, or a phrase.</summary>
internal sealed record TextClause
{
    /// <summary>As it was typed.</summary>
    public required string Label { get; init; }

    /// <summary>Its words, folded, in order; several for a phrase and for writing without spaces.</summary>
    public required IReadOnlyList<string> Surfaces { get; init; }

    /// <summary>Of a single word, its stem in every known language, marked with it.</summary>
    public IReadOnlySet<string> Stems { get; init; } = new HashSet<string>();

    /// <summary>True when the last word may go on: <c>histo*</c>.</summary>
    public bool IsPrefix { get; init; }

    /// <summary>True for a phrase in quotation marks: entries without it are not found.</summary>
    public bool IsRequired { get; init; }

    /// <summary>True for a word of which a language has so many that it tells nothing.</summary>
    public bool IsCommon { get; init; }

    /// <summary>What an entry that has the clause has one of, as FTS5 expressions of one phrase each.</summary>
    public IReadOnlyList<string> ToPhrases()
    {
        // Within quotation marks FTS5 knows no operators; surfaces are letters, digits and marks.
        string phrase = $"\"{string.Join(' ', Surfaces)}\"{(IsPrefix ? " *" : "")}";
        return [$"{{words about}} : {phrase}", .. Stems.Select(stem => $"{{stems about}} : \"{stem}\"")];
    }

    /// <summary>The clause as an FTS5 expression.</summary>
    public string ToExpression() => $"({string.Join(" OR ", ToPhrases())})";
}
