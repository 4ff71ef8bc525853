using System.Diagnostics;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>A program in the place of tesseract that finds the same words on every page, fails or hangs, and counts the pages.</summary>
internal sealed class FakeTesseract : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="words">What it finds, one line; empty for nothing, null to fail with a message.</param>
    /// <param name="hangs">True to sit there instead.</param>
    public FakeTesseract(string? words, bool hangs = false)
    {
        string[] rows = [.. (words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select((word, index) => $"5\t1\t1\t1\t1\t{index + 1}\t{10 + (index * 30)}\t10\t25\t12\t96\t{word}")];
        string table = _folder.Write("table.tsv", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', rows) + "\n"));
        string answer = hangs ? "sleep 300"
            : words is null ? "echo 'out of letters' >&2; exit 1"
            : $"cat '{table}'";
        string script = _folder.Write("script", System.Text.Encoding.ASCII.GetBytes($"""
            #!/bin/sh
            if [ "$1" = --list-langs ]; then printf 'List of available languages (1):\neng\n'; exit 0; fi
            echo page >> '{_folder.PathOf("pages")}'
            {answer}

            """));
        // Another process makes the file executable: one that this process has written cannot be started while a child holds it open.
        using Process install = Process.Start("install", ["-m", "755", script, _folder.PathOf("tesseract")]);
        install.WaitForExit();
    }

    /// <summary>Pages that it was asked to read.</summary>
    public int PageCount => File.Exists(_folder.PathOf("pages")) ? File.ReadAllLines(_folder.PathOf("pages")).Length : 0;

    public LibraryOptions Use(LibraryOptions options) => options with { RecognizeText = true, ToolFolder = _folder };

    public void Dispose() => _folder.Dispose();
}
