using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// Which files that may be text are read as such: no bytes tell notes from programs, so names do. Source code, configuration and data
/// (.py, .json, .xml) are not read unless the setting <c>textExtensions</c> names them.
/// </summary>
/// <param name="further">Extensions that are read as plain text too, with or without the dot; case makes no difference.</param>
internal sealed class TextNames(IReadOnlyList<string> further)
{
    private static readonly HashSet<string> Plain = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".text", ".log", ".csv", ".tsv", ".rst", ".adoc", ".asciidoc", ".org", ".tex", ".textile", ".nfo",
    };

    private static readonly HashSet<string> MarkdownNames = new(StringComparer.OrdinalIgnoreCase) { ".md", ".markdown", ".mdown", ".mkd" };

    private static readonly HashSet<string> HtmlNames = new(StringComparer.OrdinalIgnoreCase) { ".html", ".htm", ".xhtml", ".shtml" };

    private static readonly HashSet<string> OfficeNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ".docx", ".docm", ".pptx", ".pptm", ".ppsx", ".xlsx", ".xlsm",
    };

    private static readonly HashSet<string> WithoutExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        "readme", "license", "licence", "copying", "copyright", "changelog", "changes", "history", "news", "notes", "notice", "authors",
        "contributors", "contributing", "thanks", "todo", "install", "faq",
    };

    private readonly HashSet<string> _further = new(
        further.Select(extension => extension.StartsWith('.') ? extension : "." + extension), StringComparer.OrdinalIgnoreCase);

    /// <summary>The kind of text that a name stands for; <see cref="MediaFormat.Unknown"/> for a name that stands for none.</summary>
    public MediaFormat FormatOf(string path)
    {
        string extension = Path.GetExtension(path);
        return MarkdownNames.Contains(extension) ? MediaFormat.Markdown
            : HtmlNames.Contains(extension) ? MediaFormat.Html
            : Plain.Contains(extension) || _further.Contains(extension)
                || (extension.Length == 0 && WithoutExtension.Contains(Path.GetFileName(path)))
                ? MediaFormat.PlainText
            : MediaFormat.Unknown;
    }

    /// <summary>True when a file of this name is expected to be an office document.</summary>
    public static bool PromiseOffice(string path) => OfficeNames.Contains(Path.GetExtension(path));
}
