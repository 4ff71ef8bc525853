namespace MultiVecRetrieval.Cli.Agents;

/// <summary>Writes the settings file of an agent; what was there is kept beside it.</summary>
internal static class AgentFile
{
    /// <summary>Writes <paramref name="text"/> in place of the file, all or nothing.</summary>
    /// <returns>Where the former file is kept; null where there was none.</returns>
    public static string? Replace(string path, string text)
    {
        // A link stays one: people keep such files in a folder of their own.
        string real = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        string? kept = File.Exists(real) ? Keep(real) : null;
        string fresh = $"{real}.{Guid.NewGuid():n}.tmp";
        try
        {
            // Such files hold keys of other services; nobody else may read them who could not before.
            PrivateFile.Create(fresh, text, kept is null || OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(real));
            File.Move(fresh, real, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }

        return kept;
    }

    // A backup never replaces an earlier one.
    private static string Keep(string path)
    {
        for (int number = 1; ; number++)
        {
            string backup = number == 1 ? $"{path}.bak" : $"{path}.{number}.bak";
            if (!File.Exists(backup))
            {
                File.Copy(path, backup);
                return backup;
            }
        }
    }
}
