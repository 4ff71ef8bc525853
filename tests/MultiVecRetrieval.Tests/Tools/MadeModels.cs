using System.Reflection;
using MultiVecRetrieval.ModelFolders;

namespace MultiVecRetrieval.Tests.Tools;

/// <summary>Model folders that the build makes only on demand, made once for the tests of a class.</summary>
public sealed class MadeModels : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _sentences;

    public MadeModels() => _sentences = new Lazy<string>(() =>
    {
        string target = Directory.CreateDirectory(Path.Combine(_folder.FullName, "minilm-float32")).FullName;
        File.Copy(Path.Combine(RepositoryRoot.Folder, "models", "minilm", "encoder.json"), Path.Combine(target, "encoder.json"));
        SentenceFolder.Make(PackageOf("MiniLmAssembly"), isFloat: true, target);
        return target;
    });

    /// <summary>Where the build found a package.</summary>
    public static string PackageOf(string name) => typeof(MadeModels).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == name).Value!;

    /// <summary>The sentence encoder with the package's own graph.</summary>
    public string SentencesInFloat32 => _sentences.Value;

    public void Dispose() => _folder.Dispose();
}
