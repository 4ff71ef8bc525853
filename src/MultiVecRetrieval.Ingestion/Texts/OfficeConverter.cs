using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// Turns office documents into others by LibreOffice, where it is installed: OpenDocument and those of before 2007 into ones that are read,
/// and any into the PDF of its pages. A child process with limits, without a network, and with a profile of its own, so that it neither
/// waits for nor changes anything of the user's.
/// </summary>
/// <param name="limits">Bounds on time and memory.</param>
/// <param name="toolFolder">Looked in for LibreOffice before the folders of PATH; null for PATH alone.</param>
internal sealed class OfficeConverter(MediaLimits limits, string? toolFolder = null)
{
    private const int MaxOutputLength = 1 << 20;

    // Slides that a show passes over are pages too, so that a page has the number of its slide.
    private const string SlidesAsPdf = """pdf:impress_pdf_Export:{"ExportHiddenSlides":{"type":"boolean","value":"true"}}""";
    private const string TextAsPdf = "pdf:writer_pdf_Export";

    // A document may name pictures and sections that lie elsewhere, on this machine too, and has macros: nothing outside it is looked at,
    // nothing in it is run.
    private const string Profile = """
        <?xml version="1.0" encoding="UTF-8"?>
        <oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
        <item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
        <item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
        </oor:items>
        """;

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
        string extension = target switch
        {
            MediaFormat.Word => "docx",
            MediaFormat.Presentation => "pptx",
            _ => "xlsx",
        };
        using ConvertedFile converted = Convert(path, extension, extension, cancellationToken);
        using FileStream file = MediaFile.Open(converted.Path);
        return read(file);
    }

    /// <summary>Converts a document to a PDF of its pages.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="kind">Word or presentation, whichever it is or would be converted to.</param>
    /// <param name="cancellationToken">Ends the child process.</param>
    /// <exception cref="MediaException">It cannot be converted, or not within the limits.</exception>
    public ConvertedFile ToPdf(string path, MediaFormat kind, CancellationToken cancellationToken) =>
        Convert(path, "pdf", kind == MediaFormat.Presentation ? SlidesAsPdf : TextAsPdf, cancellationToken);

    private ConvertedFile Convert(string path, string extension, string filter, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mvr-office-");
        try
        {
            // A name of ours: no option, no address, no folder of the document in which its links could find something.
            string source = Path.Combine(folder.FullName, "document");
            string profile = Path.Combine(folder.FullName, "profile");
            File.Copy(path, source);
            string user = Directory.CreateDirectory(Path.Combine(profile, "user")).FullName;
            File.WriteAllText(Path.Combine(user, "registrymodifications.xcu"), Profile);
            (ChildExit exit, _) = ChildProcess.Run(
                new ChildProcessOptions
                {
                    FileName = ExternalProgram.LibreOffice.Require(toolFolder),
                    Arguments =
                    [
                        "--headless", "--norestore", "--nodefault", "--nolockcheck", "--nofirststartwizard",
                        $"-env:UserInstallation=file://{profile}", "--convert-to", filter, "--outdir",
                        Path.Combine(folder.FullName, "out"), source,
                    ],
                    Timeout = limits.OfficeTimeout,
                    TimeoutSetting = "media:officeTimeout",
                    TotalTimeout = limits.FileTimeout,
                    MaxMemoryBytes = limits.MaxChildMemoryBytes,
                    MaxFileBytes = limits.MaxFileBytes,
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

            Directory.Delete(profile, recursive: true);
            File.Delete(source);
            return new ConvertedFile(converted, folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }
}
