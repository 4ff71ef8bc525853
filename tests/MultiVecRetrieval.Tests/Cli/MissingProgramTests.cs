using MultiVecRetrieval.Tests.Ingestion;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Cli;

/// <summary>What the tool does where a program that it calls is not installed.</summary>
public sealed class MissingProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _common;

    public MissingProgramTests()
    {
        Directory.CreateDirectory(_folder.PathOf("sources"));
        Directory.CreateDirectory(_folder.PathOf("programs"));
        _common = ["--data", _folder.PathOf("data"), "--set", "quietPeriod=00:00:00", "--json"];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Index_WithoutPoppler_SaysWhatToInstallAndTheNextRunReadsTheFile()
    {
        _folder.Write("sources/a.pdf", SampleLibrary.Pdf("alpha"));

        ToolResult without = Tool.RunWithPath(_folder.PathOf("programs"), ["index", _folder.PathOf("sources"), .. _common]);
        ToolResult with = Tool.Run(["index", _folder.PathOf("sources"), .. _common]);

        Assert.Equal(5, without.ExitCode);
        Assert.Contains("apt-get install poppler-utils", without.Json.GetProperty("failed")[0].GetProperty("reason").GetString(),
            StringComparison.Ordinal);
        Assert.Equal((0, 1), (with.ExitCode, with.Json.GetProperty("indexed").GetInt32()));
    }

    [Fact]
    public void Index_ScanWithoutTesseract_IsIndexedAndItsTextWaits()
    {
        _folder.Write("sources/blank.pdf", PdfSource.Document(("", "/MediaBox[0 0 842 48]")));
        foreach (string program in (string[])["pdfinfo", "pdftotext", "pdftoppm", "setsid", "unshare", "nice", "sh"])
        {
            File.CreateSymbolicLink(_folder.PathOf("programs/" + program), Path.Combine("/usr/bin", program));
        }

        ToolResult result = Tool.RunWithPath(
            _folder.PathOf("programs"), ["index", _folder.PathOf("sources"), .. _common]);
        ToolResult status = Tool.RunWithPath(_folder.PathOf("programs"), ["status", .. _common]);

        Assert.Equal((0, 1), (result.ExitCode, result.Json.GetProperty("indexed").GetInt32()));
        Assert.Empty(result.Json.GetProperty("partial").EnumerateArray());
        Assert.Equal(1, status.Json.GetProperty("pagesAwaitingText").GetInt32());
    }
}
