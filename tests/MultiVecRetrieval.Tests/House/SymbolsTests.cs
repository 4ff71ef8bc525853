using System.Reflection.Metadata;

namespace MultiVecRetrieval.Tests.House;

/// <summary>The symbols of what is packed: a debugger shows the sources without the repository.</summary>
public sealed class SymbolsTests
{
    // https://github.com/dotnet/runtime/blob/main/docs/design/specs/PortablePdb-Metadata.md
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static TheoryData<string> Packed => [.. Directory.GetFiles(AppContext.BaseDirectory, "MultiVecRetrieval*.pdb")
        .Append(Path.Combine(AppContext.BaseDirectory, "mvr.pdb"))
        .Where(path => path.EndsWith("mvr.pdb", StringComparison.Ordinal)
            || Directory.Exists(Path.Combine(RepositoryRoot.Folder, "src", Path.GetFileNameWithoutExtension(path))))
        .Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Packed))]
    public void Symbols_OfAPackage_HoldEverySourceAndNoFolderOfThisMachine(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, name));
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(file);
        MetadataReader symbols = provider.GetMetadataReader();

        Assert.NotEmpty(symbols.Documents);
        Assert.All(symbols.Documents, handle =>
        {
            string path = symbols.GetString(symbols.GetDocument(handle).Name);
            Assert.StartsWith("/_/", path, StringComparison.Ordinal);
            Assert.True(
                symbols.GetCustomDebugInformation(handle).Any(
                    about => symbols.GetGuid(symbols.GetCustomDebugInformation(about).Kind) == EmbeddedSource),
                $"{path} is not in {name}.");
        });
    }
}
