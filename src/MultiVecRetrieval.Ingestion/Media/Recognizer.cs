using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Recognises text with tesseract, in the languages that a setting names, else in those installed that are written as the picture is.
/// Thread-safe.
/// </summary>
/// <param name="limits">Bounds on time and memory.</param>
/// <param name="languages">Names as tesseract has them (<c>deu</c>); none to find out.</param>
/// <param name="toolFolder">Looked in for tesseract before the folders of PATH; null for PATH alone.</param>
internal sealed class Recognizer(MediaLimits limits, IReadOnlyList<string> languages, string? toolFolder = null)
{
    private const int MaxListLength = 1 << 16;
    private const string OrientationData = "osd";

    // More languages at once take longer and are no surer.
    private const int MaxLanguages = 3;

    // By script as tesseract names it, the languages that are tried, the most frequent first; Latin is the rest.
    private static readonly Dictionary<string, string[]> ByScript = new(StringComparer.Ordinal)
    {
        ["Cyrillic"] = ["rus", "ukr", "bul", "srp", "bel", "mkd", "kaz"],
        ["Greek"] = ["ell", "grc"],
        ["Arabic"] = ["ara", "fas", "urd"],
        ["Hebrew"] = ["heb", "yid"],
        ["Han"] = ["chi_sim", "chi_tra", "jpn"],
        ["HanS"] = ["chi_sim"],
        ["HanT"] = ["chi_tra"],
        ["Japanese"] = ["jpn"],
        ["Katakana"] = ["jpn"],
        ["Hiragana"] = ["jpn"],
        ["Korean"] = ["kor"],
        ["Hangul"] = ["kor"],
        ["Thai"] = ["tha"],
        ["Devanagari"] = ["hin", "mar", "nep", "san"],
        ["Bengali"] = ["ben", "asm"],
        ["Tamil"] = ["tam"],
        ["Telugu"] = ["tel"],
        ["Georgian"] = ["kat"],
        ["Armenian"] = ["hye"],
    };

    private readonly PdfReader _pages = new(limits) { ToolFolder = toolFolder };
    private readonly Lazy<IReadOnlyList<string>> _installed =
        new(() => ListInstalled(new PdfReader(limits) { ToolFolder = toolFolder }));

    /// <summary>True when tesseract is installed.</summary>
    public bool IsInstalled => ExternalProgram.Tesseract.Find(toolFolder) is not null;

    /// <summary>The languages for a document, as tesseract takes them: <c>deu+eng</c>.</summary>
    /// <param name="page">A page of it.</param>
    /// <param name="cancellationToken">Ends the child process.</param>
    /// <exception cref="MediaException">A language of the setting is not installed, or none is.</exception>
    public string ChooseLanguages(RgbImage page, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> installed = _installed.Value;
        if (languages.FirstOrDefault(language => !installed.Contains(language)) is { } missing)
        {
            throw new MediaException(
                $"tesseract has no '{missing}'; install it with: sudo apt-get install tesseract-ocr-{missing.Replace('_', '-')}",
                "recognitionLanguages");
        }

        if (languages.Count > 0)
        {
            return string.Join('+', languages);
        }

        List<string> known = [.. installed.Where(language => language != OrientationData)];
        if (known.Count == 0)
        {
            throw new MediaException("tesseract has no language installed; run: sudo apt-get install tesseract-ocr-eng");
        }

        if (known.Count == 1)
        {
            return known[0];
        }

        string script = installed.Contains(OrientationData) ? FindScript(page, cancellationToken) : "Latin";
        return Choose(known, script);
    }

    /// <summary>Those of the installed languages that are written in a script, at most three; all when none is.</summary>
    internal static string Choose(IReadOnlyList<string> installed, string script)
    {
        HashSet<string> others = [.. ByScript.Values.SelectMany(names => names)];
        IEnumerable<string> fitting = ByScript.TryGetValue(script, out string[]? names)
            ? names.Where(installed.Contains)
            : installed.Where(language => !others.Contains(language)).OrderBy(language => language == "eng" ? 0 : 1)
                .ThenBy(language => language, StringComparer.Ordinal);
        List<string> chosen = [.. fitting.Take(MaxLanguages)];
        return string.Join('+', chosen.Count > 0 ? chosen : installed.Take(MaxLanguages));
    }

    /// <summary>Recognises the words of a picture.</summary>
    /// <exception cref="MediaException">tesseract failed or took too long.</exception>
    public TextLayer Recognize(RgbImage page, string chosen, CancellationToken cancellationToken) =>
        TextRecognition.Recognize(page, chosen, _pages.CreateOptions, cancellationToken);

    private static IReadOnlyList<string> ListInstalled(PdfReader pages)
    {
        (ChildExit exit, string list) = ChildProcess.Run(
            pages.CreateOptions(ExternalProgram.Tesseract, ["--list-langs"]), MaxListLength, CancellationToken.None);
        return exit.IsSuccess
            ? [.. list.Split('\n').Skip(1).Select(line => line.Trim()).Where(line => line.Length > 0 && !line.Contains('/'))]
            : throw exit.ToException("The languages of tesseract cannot be listed");
    }

    private string FindScript(RgbImage page, CancellationToken cancellationToken)
    {
        try
        {
            return TextRecognition.FindScript(page, _pages.CreateOptions, cancellationToken);
        }
        catch (MediaException)
        {
            // Too few letters to tell.
            return "Latin";
        }
    }
}
