namespace MultiVecRetrieval.Tests;

/// <summary>An empty folder of one test, removed with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mvr-test-");

    public string FullName => _folder.FullName;

    public static implicit operator string(TemporaryFolder folder) => folder.FullName;

    public string PathOf(string name) => Path.Combine(FullName, name);

    public string Write(string name, byte[] bytes)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
