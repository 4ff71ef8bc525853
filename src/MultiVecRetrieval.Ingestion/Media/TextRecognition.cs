using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Text recognition by tesseract: the picture goes through a private folder, the words come back as a table.</summary>
internal static class TextRecognition
{
    private const int MaxTableLength = 64 << 20;
    private const int WordLevel = 5;

    /// <summary>Recognises the words of a page.</summary>
    /// <exception cref="MediaException">tesseract failed or took too long.</exception>
    public static TextLayer Recognize(
        RgbImage page, string languages, Func<ExternalProgram, IReadOnlyList<string>, ChildProcessOptions> createOptions,
        CancellationToken cancellationToken)
    {
        (ChildExit exit, string table) = Run(page, ["-l", languages, "tsv"], createOptions, cancellationToken);
        return exit.IsSuccess
            ? Parse(table, page.Width, page.Height)
            : throw exit.ToException("The text of the page cannot be recognised");
    }

    /// <summary>Finds the script that most of a page is written in, as tesseract names it: Latin, Cyrillic, Han.</summary>
    /// <exception cref="MediaException">There are too few letters to tell, or it took too long.</exception>
    public static string FindScript(
        RgbImage page, Func<ExternalProgram, IReadOnlyList<string>, ChildProcessOptions> createOptions, CancellationToken cancellationToken)
    {
        (ChildExit exit, string report) = Run(page, ["--psm", "0", "-l", "osd"], createOptions, cancellationToken);
        const string Label = "Script: ";
        return report.Split('\n').FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal)) is { } line && exit.IsSuccess
            ? line[Label.Length..].Trim()
            : throw exit.ToException("The script of the page cannot be recognised");
    }

    private static (ChildExit Exit, string Output) Run(
        RgbImage page, string[] arguments, Func<ExternalProgram, IReadOnlyList<string>, ChildProcessOptions> createOptions,
        CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mvr-ocr-");
        try
        {
            string path = Path.Combine(folder.FullName, "page.ppm");
            using (FileStream file = File.Create(path))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes($"P6\n{page.Width} {page.Height}\n255\n"));
                file.Write(page.Pixels);
            }

            return ChildProcess.Run(
                createOptions(ExternalProgram.Tesseract, [path, "stdout", .. arguments]), MaxTableLength, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Columns: level page block paragraph line word left top width height confidence text.
    internal static TextLayer Parse(string table, int width, int height)
    {
        TextLayerBuilder layer = new();
        (string Block, string Line) place = ("", "");
        foreach (string row in table.Split('\n'))
        {
            string[] cells = row.TrimEnd('\r').Split('\t');
            if (cells.Length < 12 || cells[0] != $"{WordLevel}" || cells.Skip(6).Take(4).Any(cell => !int.TryParse(cell, out _)))
            {
                continue;
            }

            (string Block, string Line) here = ($"{cells[2]}/{cells[3]}", cells[4]);
            if (here.Block != place.Block)
            {
                layer.EndBlock();
            }
            else if (here.Line != place.Line)
            {
                layer.EndLine();
            }

            place = here;
            int[] box = [.. cells.Skip(6).Take(4).Select(cell => int.Parse(cell, CultureInfo.InvariantCulture))];
            layer.AddWord(cells[11], new Place(
                Share(box[0], width), Share(box[1], height), Share((long)box[0] + box[2], width), Share((long)box[1] + box[3], height)));
        }

        return layer.Build();
    }

    private static float Share(long position, int size) => Math.Clamp((float)position / size, 0, 1);
}
