using System.IO.Compression;
using MultiVecRetrieval.Shared;

namespace MultiVecRetrieval.Cli;

/// <summary>A real sample collection out of Debian packages: manuals as PDF, a page as a scanner gives it, photos, and short videos, one of
/// them with subtitles; about 109 MB to fetch.</summary>
internal static class SampleFiles
{
    /// <summary>Package, folder inside it, file patterns, and the folder they go to.</summary>
    private static readonly (string Package, string Source, string[] Patterns, string Target)[] Selection =
    [
        ("debian-reference-en", "usr/share/debian-reference", ["*.pdf"], "documents"),
        ("pari-doc", "usr/share/pari/doc", ["tutorial*.pdf", "refcard*.pdf", "develop.pdf"], "documents"),
        ("opencv-doc", "usr/share/doc/opencv-doc/examples/data", ["*.jpg", "*.png"], "photos"),
        ("opencv-doc", "usr/share/doc/opencv-doc/examples/text", ["scenetext0*.jpg", "scenetext_word*.jpg"], "signs"),
        ("debian-policy", "usr/share/doc/debian-policy/fhs", ["fhs-3.0.pdf.gz"], "scans"),
        ("opencv-doc", "usr/share/doc/opencv-doc/examples/data", ["tree.avi", "Megamind.avi", "vtest.avi"], "videos"),
    ];

    // What is seen in vtest.avi, in our words: the sample has a video in which somebody speaks, without a recording of anybody.
    private const string Subtitles = """
        1
        00:00:00,000 --> 00:00:16,000
        A road junction beside a brick building, seen from a window above. People cross it in small groups.

        2
        00:00:16,000 --> 00:00:40,000
        The lamp post in the middle carries a green sign, and to its right somebody has left a tripod.

        3
        00:00:40,000 --> 00:00:47,000
        A woman in a red jacket comes up the street on the right.

        4
        00:00:47,000 --> 00:01:04,000
        Two walkers leave the tarmac and take a short cut over the lawn, one to each side of the tripod.

        5
        00:01:04,000 --> 00:01:19,000
        The others turn towards the building, where a white van is parked.

        """;

    // Fetched by an earlier version, a sample has another mark and is fetched anew.
    private const string CompleteMark = ".complete-2";

    /// <summary>Where fetched files are kept between runs.</summary>
    public static string CacheFolder { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
                ".cache"),
        "multivecretrieval", "demo");

    /// <summary>Fetches what is not there yet and returns the folder that holds the sample files.</summary>
    /// <exception cref="UsageException">A package cannot be fetched here.</exception>
    public static string Fetch(CancellationToken cancellationToken)
    {
        string files = Path.Combine(CacheFolder, "files");
        string complete = Path.Combine(files, CompleteMark);
        if (File.Exists(complete))
        {
            return files;
        }

        string packages = Path.Combine(CacheFolder, "packages");
        Directory.CreateDirectory(packages);
        foreach (string package in Selection.Select(item => item.Package).Distinct())
        {
            try
            {
                DebianPackage.Unpack(package, Path.Combine(packages, package),
                    name => Terminal.WriteNotice($"fetching the Debian package {name}"), cancellationToken);
            }
            catch (ExternalCommandException exception)
            {
                throw Unavailable(package, exception.Message);
            }
        }

        foreach ((string package, string source, string[] patterns, string target) in Selection)
        {
            Copy(Path.Combine(packages, package, source), patterns, Path.Combine(files, target));
        }

        Scan(Path.Combine(files, "scans"), cancellationToken);
        File.WriteAllText(Path.Combine(files, "videos", "vtest.srt"), Subtitles);
        File.WriteAllText(complete, "");
        Directory.Delete(packages, recursive: true);
        return files;
    }

    private static void Copy(string source, string[] patterns, string target)
    {
        Directory.CreateDirectory(target);
        foreach (string file in patterns.SelectMany(pattern => Directory.EnumerateFiles(source, pattern)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }
    }

    // A gray picture of a page, without a text layer.
    private static void Scan(string folder, CancellationToken cancellationToken)
    {
        string packed = Path.Combine(folder, "fhs-3.0.pdf.gz");
        string document = Path.Combine(folder, "fhs-3.0.pdf");
        using (GZipStream input = new(File.OpenRead(packed), CompressionMode.Decompress))
        using (FileStream output = File.Create(document))
        {
            input.CopyTo(output);
        }

        ExternalCommand.Run(
            "pdftoppm", ["-jpeg", "-gray", "-r", "150", "-f", "24", "-l", "24", "-singlefile", document, Path.Combine(folder, "page-17")],
            workingFolder: null, cancellationToken);
        File.Delete(packed);
        File.Delete(document);
    }

    private static UsageException Unavailable(string package, string detail) => new(
        $"The sample collection comes from Debian packages, and {package} could not be fetched: {detail}\n" +
        "On Debian or Ubuntu run 'sudo apt-get update' first; elsewhere index a folder of your own: mvr index PATHS, then mvr serve.");
}
