using MultiVecRetrieval.Shared;

namespace MultiVecRetrieval.Cli;

/// <summary>A real sample collection out of Debian packages: manuals as PDF, photos and short videos; about 106 MB to fetch.</summary>
internal static class SampleFiles
{
    /// <summary>Package, folder inside it, file patterns, and the folder they go to.</summary>
    private static readonly (string Package, string Source, string[] Patterns, string Target)[] Selection =
    [
        ("debian-reference-en", "usr/share/debian-reference", ["*.pdf"], "documents"),
        ("pari-doc", "usr/share/pari/doc", ["tutorial*.pdf", "refcard*.pdf", "develop.pdf"], "documents"),
        ("opencv-doc", "usr/share/doc/opencv-doc/examples/data", ["*.jpg", "*.png"], "photos"),
        ("opencv-doc", "usr/share/doc/opencv-doc/examples/text", ["scenetext0*.jpg", "scenetext_word*.jpg"], "signs"),
        ("opencv-doc", "usr/share/doc/opencv-doc/examples/data", ["tree.avi", "Megamind.avi", "vtest.avi"], "videos"),
    ];

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
        string complete = Path.Combine(files, ".complete");
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

    private static UsageException Unavailable(string package, string detail) => new(
        $"The sample collection comes from Debian packages, and {package} could not be fetched: {detail}\n" +
        "On Debian or Ubuntu run 'sudo apt-get update' first; elsewhere index a folder of your own: mvr index PATHS, then mvr serve.");
}
