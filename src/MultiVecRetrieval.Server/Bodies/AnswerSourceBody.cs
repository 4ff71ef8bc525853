namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A source of an answer.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Document">Key of the document.</param>
/// <param name="Title">Title of the document, when it has one.</param>
/// <param name="Key">Key of the entry.</param>
/// <param name="Page">Number of the page or section.</param>
/// <param name="Span">The moment [start, end] of a video, in seconds.</param>
/// <param name="Boxes">Where it answers: [left, top, right, bottom] as shares of width and height; empty for the whole.</param>
/// <param name="Text">What the model reads of it.</param>
/// <param name="Passage">The passage that was found; absent when it was found by sight alone.</param>
/// <param name="IsCut">True when the entry has more text.</param>
/// <param name="Score">Score of the hit.</param>
public sealed record AnswerSourceBody(
    int Number, string Document, string? Title, string Key, int? Page, IReadOnlyList<double>? Span,
    IReadOnlyList<IReadOnlyList<double>> Boxes, string Text, PassageBody? Passage, bool IsCut, double Score)
{
    /// <summary>Maps a source.</summary>
    public static AnswerSourceBody From(AnswerSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new AnswerSourceBody(
            source.Number, source.Document.Key, source.Document.Title, source.Entry.Key, source.Entry.Page, SpanOf(source), BoxesOf(source),
            source.Text, PassageBody.From(source.Passage), source.IsCut, source.Score);
    }

    internal static IReadOnlyList<double>? SpanOf(AnswerSource source) =>
        source.StartSeconds is { } start && source.EndSeconds is { } end ? [Math.Round(start, 3), Math.Round(end, 3)] : null;

    internal static IReadOnlyList<IReadOnlyList<double>> BoxesOf(AnswerSource source) =>
        [.. source.Places.Select(place => PlaceBody.From(place).Box).OfType<IReadOnlyList<double>>()];
}
