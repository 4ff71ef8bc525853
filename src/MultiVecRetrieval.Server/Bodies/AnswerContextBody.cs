namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What a model is given.</summary>
/// <param name="Question">The question.</param>
/// <param name="Sources">The sources by their numbers.</param>
/// <param name="TokenCount">Estimated tokens of the sources: one for every three bytes of UTF-8.</param>
/// <param name="MaxTokens">The budget.</param>
/// <param name="PictureCount">The number of pictures that go along.</param>
/// <param name="Markdown">Rules, sources and question as one text for any model; where no model was asked.</param>
/// <param name="Pictures">The pictures; where no model was asked.</param>
/// <param name="Notices">For people: what the search could not do, and what did not fit.</param>
public sealed record AnswerContextBody(
    string Question, IReadOnlyList<AnswerSourceBody> Sources, int TokenCount, int MaxTokens, int PictureCount, string? Markdown,
    IReadOnlyList<AnswerPictureBody>? Pictures, IReadOnlyList<string> Notices)
{
    /// <summary>Maps a context.</summary>
    public static AnswerContextBody From(AnswerContext context, bool isWhole)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AnswerContextBody(
            context.Question, [.. context.Sources.Select(AnswerSourceBody.From)], context.TokenCount, context.MaxTokens,
            context.Pictures.Count, isWhole ? context.Markdown : null,
            isWhole ? [.. context.Pictures.Select(picture => new AnswerPictureBody(picture.Number, picture.DataUri))] : null,
            context.Notices);
    }
}
