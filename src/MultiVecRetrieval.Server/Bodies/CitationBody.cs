namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A place of an answer that names a source, with where that stands.</summary>
/// <param name="Number">Number of the source.</param>
/// <param name="Offset">Where the citation begins in the text of the answer, in UTF-16 units.</param>
/// <param name="Length">Its length.</param>
/// <param name="Document">Key of the document.</param>
/// <param name="Key">Key of the entry.</param>
/// <param name="Page">Number of the page or section.</param>
/// <param name="Span">The moment [start, end] of a video, in seconds.</param>
/// <param name="Boxes">Where the source answers: [left, top, right, bottom] as shares of width and height.</param>
/// <param name="Passage">The passage that was found, else what the model read of the source.</param>
/// <param name="Quotations">What the answer quotes of it.</param>
/// <param name="IsVerbatim">Whether all that is quoted stands in the text of the source; absent when nothing is.</param>
public sealed record CitationBody(
    int Number, int Offset, int Length, string Document, string Key, int? Page, IReadOnlyList<double>? Span,
    IReadOnlyList<IReadOnlyList<double>> Boxes, string Passage, IReadOnlyList<string> Quotations, bool? IsVerbatim)
{
    /// <summary>Maps a citation.</summary>
    public static CitationBody From(AnswerCitation citation)
    {
        ArgumentNullException.ThrowIfNull(citation);
        AnswerSource source = citation.Source;
        return new CitationBody(
            source.Number, citation.Offset, citation.Length, source.Document.Key, source.Entry.Key, source.Entry.Page,
            AnswerSourceBody.SpanOf(source), AnswerSourceBody.BoxesOf(source), source.Passage?.Text ?? source.Text, citation.Quotations,
            citation.IsVerbatim);
    }
}
