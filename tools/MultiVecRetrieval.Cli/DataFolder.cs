namespace MultiVecRetrieval.Cli;

/// <summary>Where collections live when nobody said: so that a collection is found again from any folder.</summary>
internal static class DataFolder
{
    private const string LocalName = "indexes";
    private const string UserName = "multivecretrieval";

    /// <summary>
    /// The folder <c>indexes</c> of the current folder when there is one, else <c>multivecretrieval</c> where programs of this user keep
    /// their data: <c>$XDG_DATA_HOME</c> or <c>~/.local/share</c> on Linux, the local application data elsewhere.
    /// </summary>
    public static string FindDefault()
    {
        string user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        // Without a home there is nothing of the user's own.
        return Directory.Exists(LocalName) || user.Length == 0 ? LocalName : Path.Combine(user, UserName);
    }
}
