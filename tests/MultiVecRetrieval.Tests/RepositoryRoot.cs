namespace MultiVecRetrieval.Tests;

/// <summary>The folder of the solution, found from where the tests were built.</summary>
internal static class RepositoryRoot
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MultiVecRetrieval.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No MultiVecRetrieval.sln above {AppContext.BaseDirectory}.");
    }
}
