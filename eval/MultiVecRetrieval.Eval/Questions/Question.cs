using System.Text.Json;

namespace MultiVecRetrieval.Eval.Questions;

/// <summary>A question that somebody wrote after reading the pages that answer it.</summary>
internal sealed record Question
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The question.</summary>
    public required string Query { get; init; }

    /// <summary>File name of the document; the one that the question was written for, also where nothing answers it.</summary>
    public required string Document { get; init; }

    /// <summary>Every page that answers it and is known to, from 1; empty for <c>absent</c>.</summary>
    public IReadOnlyList<int> Pages { get; init; } = [];

    /// <summary><c>paraphrase</c> (mostly other words than the page's), <c>terms</c> (the page's words) or <c>absent</c> (nothing
    /// answers).</summary>
    public required string Kind { get; init; }

    /// <summary>Pages of other documents that answer it too.</summary>
    public IReadOnlyList<QuestionAnswer> Also { get; init; } = [];

    /// <summary>Keys of all pages that answer it.</summary>
    public IEnumerable<string> Keys => Pages.Select(page => new QuestionAnswer(Document, page)).Concat(Also).Select(answer => answer.Key);

    /// <summary>Reads a file of questions, one JSON object a line.</summary>
    public static IReadOnlyList<Question> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<Question>(line, Json)!)];
}
