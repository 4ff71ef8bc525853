using System.Diagnostics;
using System.Globalization;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Reads PDF files through poppler child processes with time and memory limits. Pictures and text boxes both refer to the
/// crop box of the page, rotated as it is shown. Thread-safe.
/// </summary>
/// <param name="limits">Bounds on pages, pixels, text, time and memory.</param>
/// <remarks>
/// A range of pages shares a process as long as all goes well. When it does not, the rest of the range is read with one
/// process per page, so that a page that hangs or crashes poppler costs no other page.
/// </remarks>
public sealed class PdfReader(MediaLimits limits)
{
    // One process opens the file once for this many pages; more would let poppler's memory grow with the document.
    private const int PagesPerProcess = 32;
    private const int MaxInformationLength = 4 << 20;
    private const int MaxLongSide = 16384;

    /// <summary>The bounds in force.</summary>
    public MediaLimits Limits => limits;

    /// <summary>Told what poppler lacks to read the letters of a document, for people.</summary>
    internal Action<string>? Lacking { get; init; }

    /// <summary>Looked in for the poppler programs before PATH; for tests.</summary>
    internal string? ToolFolder { get; init; }

    /// <summary>Reads page count and properties.</summary>
    /// <exception cref="MediaException">Not a PDF, damaged beyond repair, protected by a password, or over a limit.</exception>
    public PdfInformation ReadInformation(string path, CancellationToken cancellationToken = default)
    {
        string fullPath = Check(path).FullPath;
        (ChildExit exit, string output) = ChildProcess.Run(
            CreateOptions(ExternalProgram.PdfInfo, ["-enc", "UTF-8", fullPath]), MaxInformationLength, cancellationToken);
        if (!exit.IsSuccess)
        {
            throw Explain(exit, "The PDF cannot be read");
        }

        // The document's own properties come first, so that no title with line breaks can pose as a field of pdfinfo's.
        Dictionary<string, string> properties = [];
        foreach (string line in output.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                properties[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }
        }

        if (!properties.TryGetValue("Pages", out string? pages) ||
            !long.TryParse(pages, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long count) || count < 1)
        {
            throw new MediaException($"The PDF has no pages (page count {pages ?? "missing"}).");
        }

        if (count > limits.MaxPages)
        {
            throw new MediaException($"The PDF has {count} pages; the limit is {limits.MaxPages}.", "media:maxPages");
        }

        bool isEncrypted = properties.TryGetValue("Encrypted", out string? encrypted)
            && encrypted.StartsWith("yes", StringComparison.Ordinal);
        string? title = properties.GetValueOrDefault("Title");
        return new PdfInformation((int)count, string.IsNullOrWhiteSpace(title) ? null : title, isEncrypted, properties);
    }

    /// <summary>Renders one page (from 1) so that its longer side has <paramref name="longSide"/> pixels.</summary>
    /// <exception cref="MediaException">The page cannot be rendered, or not within the limits.</exception>
    public RgbImage RenderPage(string path, int page, int longSide, CancellationToken cancellationToken = default)
    {
        PageResult<RgbImage> result = RenderPages(path, page, page, longSide, cancellationToken).Single();
        return result.Value ?? throw result.Problem!;
    }

    /// <summary>Renders pages first..last, in order, as they come; a page that fails is a result with a problem, and the others go
    /// on.</summary>
    /// <param name="path">A PDF file.</param>
    /// <param name="first">First page, from 1.</param>
    /// <param name="last">Last page; at least <paramref name="first"/>.</param>
    /// <param name="longSide">Pixels of the longer side of each page, in [1, 16384].</param>
    /// <param name="cancellationToken">Ends the child process.</param>
    /// <exception cref="MediaException">The file as a whole cannot be read.</exception>
    public IEnumerable<PageResult<RgbImage>> RenderPages(
        string path, int first, int last, int longSide, CancellationToken cancellationToken = default)
    {
        CheckRange(first, last);
        return RenderPages(Check(path), first, last, longSide, cancellationToken);
    }

    /// <summary>The same of a file that was checked before.</summary>
    internal IEnumerable<PageResult<RgbImage>> RenderPages(
        CheckedPdf file, int first, int last, int longSide, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longSide, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longSide, MaxLongSide);
        CheckRange(first, last);
        return ReadPages(first, last, (from, to) => new PageRendering(this, file.FullPath, from, to, longSide, cancellationToken));
    }

    /// <summary>Reads the text layer of pages first..last with word boxes; a page without text gives an empty layer.</summary>
    /// <param name="path">A PDF file.</param>
    /// <param name="first">First page, from 1.</param>
    /// <param name="last">Last page; at least <paramref name="first"/>.</param>
    /// <param name="cancellationToken">Ends the child process.</param>
    /// <exception cref="MediaException">The file as a whole cannot be read.</exception>
    public IEnumerable<PageResult<PdfPageText>> ReadText(string path, int first, int last, CancellationToken cancellationToken = default)
    {
        CheckRange(first, last);
        return ReadText(Check(path), first, last, cancellationToken);
    }

    /// <summary>The same of a file that was checked before.</summary>
    internal IEnumerable<PageResult<PdfPageText>> ReadText(CheckedPdf file, int first, int last, CancellationToken cancellationToken)
    {
        CheckRange(first, last);
        return ReadPages(first, last, (from, to) => new PageTextReading(this, file.FullPath, from, to, cancellationToken));
    }

    /// <summary>Looks at a file once for many calls.</summary>
    /// <exception cref="MediaException">It is no PDF, or over a limit.</exception>
    internal CheckedPdf Check(string path)
    {
        (string fullPath, _) = MediaFile.Check(path, limits);
        return MediaSniffer.DetectFile(fullPath) == MediaFormat.Pdf
            ? new CheckedPdf(fullPath)
            : throw new MediaException("The file is not a PDF.");
    }

    /// <summary>What to run: a program with arguments, within the limits of one page.</summary>
    internal ChildProcessOptions CreateOptions(ExternalProgram program, IReadOnlyList<string> arguments) => new()
    {
        FileName = program.Require(ToolFolder),
        Arguments = arguments,
        Timeout = limits.PageTimeout,
        TotalTimeout = limits.FileTimeout,
        MaxMemoryBytes = limits.MaxChildMemoryBytes,
        ErrorLine = Listen,
    };

    // "Syntax Error: Missing language pack for 'Adobe-GB1' mapping": the page comes out without these letters, and without an error.
    private string Listen(string line)
    {
        if (line.Contains("Missing language pack", StringComparison.Ordinal))
        {
            Lacking?.Invoke("some letters could not be read without the tables of East Asian writing; run: apt-get install poppler-data");
        }

        return line;
    }

    /// <summary>Turns an exit of a poppler program into an error, by its words where they are known.</summary>
    internal static MediaException Explain(ChildExit exit, string what) =>
        exit.ErrorText.Contains("Incorrect password", StringComparison.Ordinal)
            ? new MediaException("The PDF is encrypted and opens only with a password.")
            : exit.ToException(what);

    private IEnumerable<PageResult<T>> ReadPages<T>(int first, int last, Func<int, int, PageRun<T>> start)
        where T : class
    {
        // Only the time spent here counts, not what the caller does between pages.
        Stopwatch clock = new();
        int page = first;
        while (page <= last)
        {
            int end = (int)Math.Min((long)page + PagesPerProcess - 1, last);
            if (end > page && clock.Elapsed < limits.FileTimeout)
            {
                clock.Start();
                using PageRun<T> run = start(page, end);
                while (page <= end && run.TryReadNext(out PageResult<T>? result))
                {
                    clock.Stop();
                    yield return result;
                    page++;
                    clock.Start();
                }

                clock.Stop();
            }

            for (; page <= end; page++)
            {
                yield return ReadAlone(page, start, clock);
            }
        }
    }

    private PageResult<T> ReadAlone<T>(int page, Func<int, int, PageRun<T>> start, Stopwatch clock)
        where T : class
    {
        if (clock.Elapsed >= limits.FileTimeout)
        {
            string reason = $"Page {page} was not read: the pages before took {limits.FileTimeout.TotalSeconds:0.###} s.";
            return new PageResult<T>(page, null, new MediaException(reason, "media:fileTimeout"));
        }

        clock.Start();
        using PageRun<T> run = start(page, page);
        PageResult<T> result = run.ReadOnly();
        clock.Stop();
        return result;
    }

    private void CheckRange(int first, int last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        if (last > limits.MaxPages)
        {
            throw new MediaException($"Page {last} was asked for; the limit is {limits.MaxPages} pages.", "media:maxPages");
        }
    }
}
