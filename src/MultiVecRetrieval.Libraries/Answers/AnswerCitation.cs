namespace MultiVecRetrieval;

/// <summary>A place of an answer that names a source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Offset">Where the citation begins in the text of the answer, in UTF-16 units.</param>
/// <param name="Length">Its length.</param>
public sealed record AnswerCitation(AnswerSource Source, int Offset, int Length)
{
    /// <summary>What the answer puts between quotation marks and attributes to the source.</summary>
    public IReadOnlyList<string> Quotations { get; init; } = [];

    /// <summary>Whether every quotation stands in the text of the source, but for case, white space and the form of quotation marks and
    /// dashes; null when nothing is quoted.</summary>
    public bool? IsVerbatim { get; init; }
}
