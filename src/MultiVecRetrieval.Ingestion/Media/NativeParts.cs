using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media.Vips;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>The native libraries and the external programs that indexing needs, and whether they work.</summary>
public static partial class NativeParts
{
    private const int MaxVersionLength = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Calls each part once and reports what it answered. Never throws for a part that is missing or broken.</summary>
    public static IReadOnlyList<NativePart> Check() =>
    [
        CheckLoaded("ONNX Runtime", "libonnxruntime", "encoders", OnnxRuntimeLibrary.ReadVersion),
        CheckLoaded("SQLite", "libe_sqlite3", "catalogs and full text", ReadSqliteVersion),
        CheckLoaded("libvips", "libvips", "pictures", () => VipsLibrary.Version),
        CheckProgram(ExternalProgram.PdfInfo, "-v", "pages and properties of PDF files", isRequired: true),
        CheckProgram(ExternalProgram.PdfToPpm, "-v", "pictures of PDF pages", isRequired: true),
        CheckProgram(ExternalProgram.PdfToText, "-v", "text of PDF pages", isRequired: true),
        CheckProgram(ExternalProgram.FFprobe, "-version", "properties of videos", isRequired: true),
        CheckProgram(ExternalProgram.FFmpeg, "-version", "frames of videos", isRequired: true),
        CheckProgram(ExternalProgram.Tesseract, "--version", "text of scanned pages and pictures", isRequired: false),
        CheckProgram(ExternalProgram.LibreOffice, "--version", "pages of office documents; OpenDocument and Office before 2007", isRequired: false),
        CheckIsolation(),
    ];

    private static NativePart CheckLoaded(string name, string filePrefix, string purpose, Func<string> readVersion)
    {
        try
        {
            string version = readVersion();
            using Process process = Process.GetCurrentProcess();
            string? location = process.Modules.Cast<ProcessModule>()
                .FirstOrDefault(module => module.ModuleName.StartsWith(filePrefix, StringComparison.Ordinal))?.FileName;
            return new NativePart(name, true, version, location, purpose, null, true);
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException
            or BadImageFormatException or SqliteException or MediaException)
        {
            return new NativePart(name, false, null, null, purpose, exception.GetBaseException().Message, true);
        }
    }

    private static string ReadSqliteVersion()
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }

    private static NativePart CheckProgram(ExternalProgram program, string argument, string purpose, bool isRequired)
    {
        if (program.Find() is not { } path)
        {
            return new NativePart(program.Name, false, null, null, purpose, $"not installed; run: {program.InstallCommand}", isRequired);
        }

        try
        {
            // poppler answers on standard error, the others on standard output.
            ChildProcessOptions options = new()
            {
                FileName = path,
                Arguments = [argument],
                Timeout = Patience,
                TotalTimeout = Patience,
                MaxMemoryBytes = new MediaLimits().MaxChildMemoryBytes,
            };
            (ChildExit exit, string output) = ChildProcess.Run(options, MaxVersionLength, CancellationToken.None);
            Match version = VersionPattern().Match(output.Length > 0 ? output : exit.ErrorText);
            return version.Success
                ? new NativePart(program.Name, true, version.Value, path, purpose, null, isRequired)
                : new NativePart(program.Name, false, null, path, purpose,
                    $"{exit.ToException("It does not answer").Reason} Install it again: {program.InstallCommand}", isRequired);
        }
        catch (MediaException exception)
        {
            return new NativePart(program.Name, false, null, path, purpose, exception.Reason, isRequired);
        }
    }

    private static NativePart CheckIsolation()
    {
        const string Purpose = "keeps the programs above from the network; without it their protocol allow-lists do";
        return NetworkIsolation.Prefix is [var program, ..]
            ? new NativePart("network isolation", true, string.Join(' ', NetworkIsolation.Prefix.SkipLast(1)), program, Purpose, null,
                false)
            : new NativePart("network isolation", false, null, null, Purpose, "unshare -n is not permitted for this user", false);
    }

    [GeneratedRegex(@"\d+\.\d+[\w.+:~-]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();
}
