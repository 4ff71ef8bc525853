using System.Reflection;
using MultiVecRetrieval.ModelFolders;

namespace MultiVecRetrieval.Tests.Tools;

/// <summary>Model folders that read text in float32, which the build makes only on demand; made once for the tests of a class.</summary>
public sealed class MadeModels : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _sentences;
    private readonly Lazy<string> _photos;

    public MadeModels()
    {
        _sentences = new Lazy<string>(
            () => Make("minilm", target => SentenceFolder.Make(PackageOf("MiniLmAssembly"), isFloat: true, target)));
        _photos = new Lazy<string>(
            () => Make("photos", target => PhotoFolder.Make(PackageOf("ResNetPackage"), SourceOf("photos"), target)));
    }

    /// <summary>The sentence encoder with the package's own graph.</summary>
    public string Sentences => _sentences.Value;

    /// <summary>The photo model beside it.</summary>
    public string Photos
    {
        get
        {
            _ = Sentences;
            return _photos.Value;
        }
    }

    public void Dispose() => _folder.Dispose();

    private static string SourceOf(string model) => Path.Combine(RepositoryRoot.Folder, "models", model);

    private static string PackageOf(string name) => typeof(MadeModels).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == name).Value!;

    private string Make(string model, Action<string> fill)
    {
        string target = Directory.CreateDirectory(Path.Combine(_folder.FullName, model)).FullName;
        foreach (string path in Directory.EnumerateFiles(SourceOf(model)))
        {
            File.Copy(path, Path.Combine(target, Path.GetFileName(path)));
        }

        fill(target);
        return target;
    }
}
