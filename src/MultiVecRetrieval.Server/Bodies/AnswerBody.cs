namespace MultiVecRetrieval.Server.Bodies;

/// <summary>An answer with what it rests on.</summary>
/// <param name="State">answered, contextOnly or nothingFound.</param>
/// <param name="Text">What the model wrote; absent when none was asked.</param>
/// <param name="Model">The model that was asked.</param>
/// <param name="Citations">The citations in the order of the text.</param>
/// <param name="Context">What the model was given.</param>
/// <param name="Notices">For people: what was dropped, what is quoted and does not stand there.</param>
public sealed record AnswerBody(
    AnswerState State, string? Text, string? Model, IReadOnlyList<CitationBody> Citations, AnswerContextBody Context,
    IReadOnlyList<string> Notices)
{
    /// <summary>Maps an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="showsContext">Whether Markdown and pictures are wanted beside the sources; they are where no model was asked.</param>
    public static AnswerBody From(Answer answer, bool showsContext)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new AnswerBody(
            answer.State, answer.Text, answer.Model, [.. answer.Citations.Select(CitationBody.From)],
            AnswerContextBody.From(answer.Context, showsContext), answer.Notices);
    }
}
