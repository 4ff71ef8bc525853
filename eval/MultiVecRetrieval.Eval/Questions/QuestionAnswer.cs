using System.Globalization;

namespace MultiVecRetrieval.Eval.Questions;

/// <summary>A page that answers a question.</summary>
/// <param name="Document">File name of the document.</param>
/// <param name="Page">The page, from 1.</param>
internal sealed record QuestionAnswer(string Document, int Page)
{
    /// <summary>Key of its entry.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Document}#page={Page}");
}
