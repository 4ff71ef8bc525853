namespace MultiVecRetrieval.ModelFolders;

/// <summary>Fills a folder so that nobody sees it half full, also when several builds do so at once.</summary>
internal static class FolderSwap
{
    /// <summary>Lets <paramref name="fill"/> fill a new folder and puts it in the place of <paramref name="target"/>.</summary>
    public static void Fill(string target, Action<string> fill)
    {
        string parent = Directory.CreateDirectory(Path.GetDirectoryName(target)!).FullName;
        string fresh = Directory.CreateDirectory(Path.Combine(parent, $".{Path.GetFileName(target)}-{Guid.NewGuid():N}")).FullName;
        try
        {
            fill(fresh);
            Directory.CreateDirectory(target);
            foreach (string path in Directory.EnumerateFiles(fresh, "*", SearchOption.AllDirectories))
            {
                // A rename replaces a file in one step, so whoever copies it reads the old one or the new one.
                string place = Path.Combine(target, Path.GetRelativePath(fresh, path));
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                File.Move(path, place, overwrite: true);
            }
        }
        finally
        {
            Directory.Delete(fresh, recursive: true);
        }
    }
}
