using System.Globalization;
using System.IO.Compression;

namespace MultiVecRetrieval.Eval.Pages;

/// <summary>Brings the documents of the suite into a cache folder: as PDFs, and each page as a picture.</summary>
/// <param name="cacheFolder">Holds the unpacked packages.</param>
/// <param name="folder">Holds the PDFs and pictures.</param>
/// <param name="log">Told what takes time.</param>
internal sealed class SuiteFiles(string cacheFolder, string folder, Action<string> log)
{
    /// <summary>The folder of PDFs.</summary>
    public string PdfFolder { get; } = Path.GetFullPath(Path.Combine(folder, "pdf"));

    /// <summary>The folder of pictures, one PNG a page: <c>R-intro/0003.png</c>.</summary>
    public string PictureFolder { get; } = Path.GetFullPath(Path.Combine(folder, "pictures"));

    /// <summary>The key of the picture that shows a page: <c>R-intro.pdf#page=3</c> becomes <c>R-intro/0003.png</c>.</summary>
    public static string PictureKeyOf(string pageKey)
    {
        int mark = pageKey.LastIndexOf(".pdf#page=", StringComparison.Ordinal);
        int page = int.Parse(pageKey.AsSpan(mark + ".pdf#page=".Length), NumberStyles.None, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{pageKey[..mark]}/{page:0000}.png");
    }

    /// <summary>Removes the PDFs and pictures; downloads stay.</summary>
    public void Clear()
    {
        foreach (string old in new[] { PdfFolder, PictureFolder }.Where(Directory.Exists))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Downloads and unpacks what is not in the cache yet, without installing anything. Returns package versions by
    /// name.</summary>
    public IReadOnlyDictionary<string, string> Fetch(IEnumerable<SuiteDocument> documents)
    {
        Directory.CreateDirectory(PdfFolder);
        SortedDictionary<string, string> versions = new(StringComparer.Ordinal);
        foreach (SuiteDocument document in documents)
        {
            string unpacked = Path.GetFullPath(Path.Combine(cacheFolder, "packages", document.Package));
            versions[document.Package] = DebianPackage.Unpack(document.Package, unpacked, package => log($"fetching {package}"));
            string source = Path.Combine(unpacked, document.Path);
            string target = Path.Combine(PdfFolder, document.FileName);
            if (!File.Exists(source))
            {
                throw new FileNotFoundException($"Package {document.Package} {versions[document.Package]} has no {document.Path}.", source);
            }

            if (!File.Exists(target))
            {
                Place(source, target);
            }
        }
        return versions;
    }

    /// <summary>Renders each page of each PDF, longer side <paramref name="longSide"/> pixels; pages that are there already stay.</summary>
    /// <returns>The number of pages.</returns>
    public int Render(int longSide)
    {
        string[] files = Directory.GetFiles(PdfFolder, "*.pdf");
        Directory.CreateDirectory(PictureFolder);
        Parallel.ForEach(files, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            file => RenderDocument(file, longSide));
        return Directory.GetFiles(PictureFolder, "*.png", SearchOption.AllDirectories).Length;
    }

    private static void Place(string source, string target)
    {
        string part = target + ".part";
        using (FileStream input = File.OpenRead(source))
        using (FileStream output = File.Create(part))
        {
            if (source.EndsWith(".gz", StringComparison.Ordinal))
            {
                new GZipStream(input, CompressionMode.Decompress).CopyTo(output);
            }
            else
            {
                input.CopyTo(output);
            }
        }
        File.Move(part, target, overwrite: true);
    }

    private void RenderDocument(string file, int longSide)
    {
        string target = Path.Combine(PictureFolder, Path.GetFileNameWithoutExtension(file));
        if (Directory.Exists(target))
        {
            return;
        }

        log($"rendering {Path.GetFileName(file)}");
        string part = target + ".part";
        if (Directory.Exists(part))
        {
            Directory.Delete(part, recursive: true);
        }

        Directory.CreateDirectory(part);
        string size = longSide.ToString(CultureInfo.InvariantCulture);
        ExternalCommand.Run("pdftoppm", ["-png", "-scale-to", size, file, Path.Combine(part, "page")]);
        foreach (string picture in Directory.GetFiles(part))
        {
            // pdftoppm pads page numbers to the width of the last one; four digits are the same for all documents.
            string number = Path.GetFileNameWithoutExtension(picture)["page-".Length..];
            File.Move(picture, Path.Combine(part, number.PadLeft(4, '0') + ".png"));
        }
        Directory.Move(part, target);
    }
}
