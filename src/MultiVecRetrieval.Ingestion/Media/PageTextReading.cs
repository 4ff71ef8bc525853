using System.Globalization;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>The text layers of a range of pages, written by pdftotext as elements with boxes.</summary>
internal sealed class PageTextReading(PdfReader reader, string path, int first, int last, CancellationToken cancellationToken)
    : PageRun<PdfPageText>(Start(reader, path, first, last, cancellationToken), first)
{
    private const int MaxInformationLength = 1 << 20;
    private readonly Dictionary<int, int> _rotations = ReadRotations(reader, path, first, last, cancellationToken);
    private int _page = first;
    private PageTextParser? _parser;

    protected override bool TryParse(Stream output, out PdfPageText? value, out MediaException? problem)
    {
        _parser ??= new PageTextParser(new StreamReader(output, System.Text.Encoding.UTF8, false, 65536), reader.Limits.MaxPageTextLength);
        return _parser.TryReadPage(_rotations.GetValueOrDefault(_page++), out value, out problem);
    }

    private static ChildProcess Start(PdfReader reader, string path, int first, int last, CancellationToken cancellationToken)
    {
        string[] arguments = ["-f", $"{first}", "-l", $"{last}", "-cropbox", "-enc", "UTF-8", "-bbox-layout", path, "-"];
        return ChildProcess.Start(reader.CreateOptions(ExternalProgram.PdfToText, arguments), cancellationToken);
    }

    // pdftotext gives word boxes of the page as it is shown, but the size of the page before rotation.
    private static Dictionary<int,
        int> ReadRotations(PdfReader reader, string path, int first, int last, CancellationToken cancellationToken)
    {
        string[] arguments = ["-f", $"{first}", "-l", $"{last}", "-enc", "UTF-8", path];
        (_, string output) =
            ChildProcess.Run(reader.CreateOptions(ExternalProgram.PdfInfo, arguments), MaxInformationLength, cancellationToken);
        Dictionary<int, int> rotations = [];
        foreach (string line in output.Split('\n'))
        {
            // Page    3 rot:  90
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["Page", var page, "rot:", var degrees] &&
                int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out int number) &&
                int.TryParse(degrees, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int rotation))
            {
                rotations[number] = rotation;
            }
        }

        return rotations;
    }
}
