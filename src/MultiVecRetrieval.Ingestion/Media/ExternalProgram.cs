namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A program that is called as a child process, and the Debian package that has it.</summary>
/// <param name="Name">Name of the executable.</param>
/// <param name="Package">Debian package.</param>
internal sealed record ExternalProgram(string Name, string Package)
{
    public static readonly ExternalProgram PdfInfo = new("pdfinfo", "poppler-utils");
    public static readonly ExternalProgram PdfToPpm = new("pdftoppm", "poppler-utils");
    public static readonly ExternalProgram PdfToText = new("pdftotext", "poppler-utils");
    public static readonly ExternalProgram FFmpeg = new("ffmpeg", "ffmpeg");
    public static readonly ExternalProgram FFprobe = new("ffprobe", "ffmpeg");
    public static readonly ExternalProgram Tesseract = new("tesseract", "tesseract-ocr");
    public static readonly ExternalProgram LibreOffice = new("soffice", "libreoffice-writer libreoffice-calc libreoffice-impress");

    /// <summary>The programs without which media of a type cannot be read.</summary>
    public static IReadOnlyList<ExternalProgram> For(MediaType mediaType) => mediaType switch
    {
        MediaType.Page => [PdfInfo, PdfToPpm, PdfToText],
        MediaType.Video => [FFmpeg, FFprobe],
        _ => [],
    };

    /// <summary>What to type when the program is missing.</summary>
    public string InstallCommand => $"sudo apt-get install {Package}";

    /// <summary>Finds the executable.</summary>
    /// <param name="toolFolder">Looked in before the folders of PATH; null for PATH alone.</param>
    /// <returns>Its absolute path; null when it is not installed.</returns>
    public string? Find(string? toolFolder = null)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin")
            .Split(':', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> candidates = toolFolder is null ? folders : folders.Prepend(toolFolder);
        return candidates.Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Finds the executable or says what to install.</summary>
    /// <exception cref="MediaException">It is not installed.</exception>
    public string Require(string? toolFolder = null) =>
        Find(toolFolder) ?? throw new MediaException($"The program {Name} is not installed; install it with: {InstallCommand}");
}
