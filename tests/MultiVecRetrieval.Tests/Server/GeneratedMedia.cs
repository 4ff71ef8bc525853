using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>A PDF, a picture and a video with words that are known, where they stand and when they are seen.</summary>
internal static class GeneratedMedia
{
    private const string Font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

    /// <summary>Writes the files; page 2 of the PDF says "umbrella", the picture "granite", the video "lighthouse" from 2 s to 4 s
    /// and "ferry" after that.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "weather report.pdf"), Pdf(
            [("Annual weather overview", 90, 760), ("Sunshine hours by region", 90, 400)],
            [("Rainfall and the common umbrella", 90, 700), ("Measured in the harbour", 200, 300)]));
        Run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "color=white:s=640x400", "-frames:v", "1",
            "-vf", $"drawtext=fontfile={Font}:text=granite:fontsize=48:x=300:y=250:fontcolor=black", Path.Combine(folder, "stone.png"));
        Run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "color=white:s=640x360:d=6:r=10",
            "-vf", $"drawtext=fontfile={Font}:text=lighthouse:fontsize=56:x=60:y=80:fontcolor=black:enable='between(t,2,4)',"
                + $"drawtext=fontfile={Font}:text=ferry:fontsize=56:x=200:y=220:fontcolor=black:enable='gt(t,4.1)'",
            "-pix_fmt", "yuv420p", "-g", "10", Path.Combine(folder, "coast.mp4"));
    }

    /// <summary>The box of a word on a page, [left, top, right, bottom] as shares, by pdftotext.</summary>
    public static double[] BoxOf(string pdf, int page, string word)
    {
        string number = page.ToString(CultureInfo.InvariantCulture);
        string layout = Run("pdftotext", "-bbox", "-f", number, "-l", number, pdf, "-");
        Match size = Regex.Match(layout, "<page width=\"([\\d.]+)\" height=\"([\\d.]+)\"");
        Match box = Regex.Match(layout, $"<word xMin=\"([\\d.]+)\" yMin=\"([\\d.]+)\" xMax=\"([\\d.]+)\" yMax=\"([\\d.]+)\">{word}<");
        Assert.True(box.Success, layout);
        double width = Number(size.Groups[1]);
        double height = Number(size.Groups[2]);
        return [Number(box.Groups[1]) / width, Number(box.Groups[2]) / height, Number(box.Groups[3]) / width,
            Number(box.Groups[4]) / height];
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    private static byte[] Pdf(params (string Text, int X, int Y)[][] pages) => PdfSource.Document(
        [.. pages.Select(
            lines => (string.Concat(lines.Select(line => PdfSource.Text(line.Text, line.X, line.Y, size: 20))),
            "/MediaBox[0 0 595 842]"))]);

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
