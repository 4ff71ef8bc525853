using System.Diagnostics;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>A program in the place of LibreOffice that makes the same PDF of every document, or does something else, and counts.</summary>
internal sealed class FakeOffice : IDisposable
{
    /// <summary>It sits there and does nothing.</summary>
    public const string Hangs = "sleep 300";

    /// <summary>It is killed by the system.</summary>
    public const string IsKilled = "kill -9 $$";

    /// <summary>It fails with a message.</summary>
    public const string Fails = "echo 'out of ink' >&2; exit 3";

    /// <summary>It ends well and has written nothing, as LibreOffice does with what it cannot read.</summary>
    public const string WritesNothing = "true";

    private readonly TemporaryFolder _folder = new();

    /// <param name="behaviour">Commands of a shell.</param>
    public FakeOffice(string behaviour)
    {
        string script = _folder.Write("script", System.Text.Encoding.UTF8.GetBytes($"""
            #!/bin/sh
            echo run >> '{_folder.PathOf("runs")}'
            while [ $# -gt 0 ]; do if [ "$1" = --outdir ]; then out="$2"; fi; shift; done
            mkdir -p "$out"
            {behaviour}

            """));
        // Another process makes the file executable: one that this process has written cannot be started while a child holds it open.
        using Process install = Process.Start("install", ["-m", "755", script, _folder.PathOf("soffice")]);
        install.WaitForExit();
    }

    /// <summary>A program that makes a PDF with a line of text a page.</summary>
    public static FakeOffice Of(params string[] pages)
    {
        FakeOffice office = new("""cp "$(dirname "$0")/pages.pdf" "$out/document.pdf" """);
        office._folder.Write("pages.pdf", SampleLibrary.Pdf(pages));
        return office;
    }

    /// <summary>How often it was run.</summary>
    public int RunCount => File.Exists(_folder.PathOf("runs")) ? File.ReadAllLines(_folder.PathOf("runs")).Length : 0;

    public LibraryOptions Use(LibraryOptions options) => options with { OfficePages = true, ToolFolder = _folder };

    public void Dispose() => _folder.Dispose();
}
