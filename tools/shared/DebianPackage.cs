namespace MultiVecRetrieval.Shared;

/// <summary>Files of a Debian package, without installing it.</summary>
internal static class DebianPackage
{
    private const string VersionFile = ".version";

    /// <summary>Downloads and unpacks a package unless it is there already; returns its version.</summary>
    /// <param name="package">Its name, as apt knows it.</param>
    /// <param name="target">The folder that gets its files; it appears when it is complete.</param>
    /// <param name="log">Told the name before a download.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    /// <exception cref="ExternalCommandException">It cannot be downloaded or unpacked.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static string Unpack(string package, string target, Action<string> log, CancellationToken cancellationToken = default)
    {
        string record = Path.Combine(target, VersionFile);
        if (File.Exists(record))
        {
            return File.ReadAllText(record);
        }

        log(package);
        string partial = target + ".partial";
        foreach (string old in new[] { partial, target }.Where(Directory.Exists))
        {
            Directory.Delete(old, recursive: true);
        }

        string download = Directory.CreateTempSubdirectory("mvr-package-").FullName;
        try
        {
            // apt drops its rights for downloads otherwise, and the user it becomes may not write to the folder.
            ExternalCommand.Run("apt-get", ["download", "-qq", "-o", "APT::Sandbox::User=root", package], download, cancellationToken);
            string archive = Directory.GetFiles(download, "*.deb").Single();
            Directory.CreateDirectory(partial);
            ExternalCommand.Run("dpkg-deb", ["-x", archive, partial], workingFolder: null, cancellationToken);
            File.WriteAllText(Path.Combine(partial, VersionFile),
                ExternalCommand.Run("dpkg-deb", ["-f", archive, "Version"], workingFolder: null, cancellationToken).Trim());
        }
        finally
        {
            Directory.Delete(download, recursive: true);
        }

        Directory.Move(partial, target);
        return File.ReadAllText(record);
    }
}
