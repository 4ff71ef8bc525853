namespace MultiVecRetrieval.Filters;

/// <summary>What the values of a field are.</summary>
internal enum FieldKind
{
    /// <summary>The kinds of entries, by name.</summary>
    MediaType,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Times: ticks of UTC in a column, ISO 8601 in metadata.</summary>
    Date,

    /// <summary>Whatever is stored: texts, numbers and truth values.</summary>
    Any,
}
