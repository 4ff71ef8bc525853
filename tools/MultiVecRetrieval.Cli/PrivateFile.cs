namespace MultiVecRetrieval.Cli;

/// <summary>Writes files that hold keys: nobody who may not read them in the end can read them meanwhile.</summary>
internal static class PrivateFile
{
    /// <summary>What the owner alone may read and write.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a new file.</summary>
    /// <param name="path">Where; nothing may be there.</param>
    /// <param name="text">What it holds.</param>
    /// <param name="mode">Its mode, and the owner's alone until it is written; null for what is usual.</param>
    public static void Create(string path, string text, UnixFileMode? mode)
    {
        if (mode is null || OperatingSystem.IsWindows())
        {
            File.WriteAllText(path, text);
            return;
        }

        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (StreamWriter writer = new(path, options))
        {
            writer.Write(text);
        }

        File.SetUnixFileMode(path, mode.Value);
    }
}
