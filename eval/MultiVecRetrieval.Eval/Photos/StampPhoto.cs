using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Eval.Photos;

/// <summary>A photograph with a name that somebody gave it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">What it shows, in a few English words: "adelaide rosella".</param>
/// <param name="Kind">The folder that it was sorted into: "animals/birds".</param>
internal sealed partial record StampPhoto(string Path, string Name, string Kind)
{
    /// <summary>The Debian package that holds them: pictures for a children's paint program, each with a caption.</summary>
    public const string Package = "tuxpaint-stamps-default";

    private const string Root = "usr/share/tuxpaint/stamps";
    private const int LongestCaption = 3;

    /// <summary>The photographs, their package fetched first if need be.</summary>
    /// <param name="cacheFolder">Holds the package.</param>
    /// <param name="log">Told what is fetched.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    public static IReadOnlyList<StampPhoto> Fetch(string cacheFolder, Action<string> log, CancellationToken cancellationToken = default)
    {
        string folder = System.IO.Path.GetFullPath(System.IO.Path.Combine(cacheFolder, "packages", Package));
        DebianPackage.Unpack(Package, folder, package => log($"fetching {package}"), cancellationToken);
        return Read(folder);
    }

    /// <summary>The photographs of the unpacked package; drawings, symbols and pictures without a caption are left out.</summary>
    public static IReadOnlyList<StampPhoto> Read(string packageFolder)
    {
        string root = System.IO.Path.Combine(packageFolder, Root);
        List<StampPhoto> photos = [];
        foreach (string path in Directory.EnumerateFiles(root, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string kind = System.IO.Path.GetRelativePath(root, System.IO.Path.GetDirectoryName(path)!).Replace('\\', '/');
            string caption = System.IO.Path.ChangeExtension(path, ".txt");
            if (!kind.Contains("cartoon", StringComparison.Ordinal) && !kind.StartsWith("symbols", StringComparison.Ordinal) && File.Exists(caption))
            {
                photos.Add(new StampPhoto(path, NameOf(File.ReadLines(caption).FirstOrDefault() ?? "", path), kind));
            }
        }

        return photos;
    }

    /// <summary>The name in a caption; that of the file when the caption is a whole sentence.</summary>
    internal static string NameOf(string caption, string path)
    {
        string first = FirstClause().Match(caption.ToLowerInvariant()).Value;
        string name = Words(Opening().Replace(first, ""));
        return name.Length > 0 && name.Split(' ').Length <= LongestCaption ? name : Words(System.IO.Path.GetFileNameWithoutExtension(path));
    }

    private static string Words(string text) => string.Join(' ', Word().Matches(text.ToLowerInvariant()).Select(match => match.Value));

    [GeneratedRegex(@"^[^.!?,;(—]*")]
    private static partial Regex FirstClause();

    [GeneratedRegex(@"^\W*((this|that) is|these are|here (is|are))?\s*\b(an?|the|some)?\b\s*")]
    private static partial Regex Opening();

    [GeneratedRegex(@"\p{L}[\p{L}'’]*")]
    private static partial Regex Word();
}
