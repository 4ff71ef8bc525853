using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// Turns documents that are not read themselves (OpenDocument, Office of before 2007) into ones that are, by LibreOffice where it is
/// installed: a child process with limits, without a network, and with a profile of its own, so that it neither waits for nor changes
/// anything of the user's.
/// </summary>
/// <param name="limits">Bounds on time and memory.</param>
internal sealed class OfficeConverter(MediaLimits limits)
{
    private const int MaxOutputLength = 1 << 20;

    /// <summary>What to say of a document that would be read if the program were there.</summary>
    public static string Hint => $"it is read when LibreOffice is installed: {ExternalProgram.LibreOffice.InstallCommand}";

    /// <summary>True when LibreOffice is installed.</summary>
    public static bool IsInstalled => ExternalProgram.LibreOffice.Find() is not null;

    /// <summary>Converts a document and reads what comes out.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="target">Word, presentation or workbook.</param>
    /// <param name="read">Reads the converted file.</param>
    /// <param name="cancellationToken">Ends the child process.</param>
    /// <exception cref="MediaException">It cannot be converted, or not within the limits.</exception>
    public TextContent Read(string path, MediaFormat target, Func<FileStream, TextContent> read, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mvr-office-");
        try
        {
            // A name of ours: no option, no address, no folder of the document in which its links could find something.
            string source = Path.Combine(folder.FullName, "document");
            File.Copy(path, source);
            string extension = target switch
            {
                MediaFormat.Word => "docx",
                MediaFormat.Presentation => "pptx",
                _ => "xlsx",
            };
            (ChildExit exit, _) = ChildProcess.Run(
                new ChildProcessOptions
                {
                    FileName = ExternalProgram.LibreOffice.Require(),
                    Arguments =
                    [
                        "--headless", "--norestore", "--nodefault", "--nolockcheck", "--nofirststartwizard",
                        $"-env:UserInstallation=file://{folder.FullName}/profile", "--convert-to", extension, "--outdir",
                        Path.Combine(folder.FullName, "out"), source,
                    ],
                    Timeout = limits.FileTimeout,
                    TimeoutSetting = "media:fileTimeout",
                    TotalTimeout = limits.FileTimeout,
                    MaxMemoryBytes = limits.MaxChildMemoryBytes,
                },
                MaxOutputLength, cancellationToken);
            string converted = Path.Combine(folder.FullName, "out", $"document.{extension}");
            if (!File.Exists(converted))
            {
                // The program ends with 0 in any case.
                throw exit.IsSuccess
                    ? new MediaException("LibreOffice cannot open the document; it is damaged or protected by a password.")
                    : exit.ToException("LibreOffice cannot convert the document");
            }

            using FileStream file = MediaFile.Open(converted);
            return read(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
