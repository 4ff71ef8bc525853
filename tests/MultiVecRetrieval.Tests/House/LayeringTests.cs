using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Tests.House;

/// <summary>Folders have an order, and a file uses only what lies below its own: read from its <c>using</c> lines.</summary>
public sealed partial class LayeringTests
{
    // Lowest first; docs/architecture.md says the same in words. The public types of Model, of Filters and of the root share the root
    // namespace, which every file sees.
    private static readonly string[] Engine =
    [
        "Model", "Files", "Filters", "Ann", "Segments", "Catalogs", "Tiers", "Generations", "Search", "Writing", "Measuring", "Upkeep",
        "Interchange",
    ];

    // Quantization holds the registry of its families and what they share, so it is one layer with its folders.
    private static readonly string[] Numerics = ["LinearAlgebra", "Kernels", "Clustering", "Reduction", "Quantization"];

    public static TheoryData<string, string[]> Projects => new()
    {
        { "MultiVecRetrieval", Engine },
        { "MultiVecRetrieval.Numerics", Numerics },
    };

    [Theory]
    [MemberData(nameof(Projects))]
    public void Usings_OfEveryFile_PointToItsOwnFolderOrOneBelow(string project, string[] order)
    {
        List<string> upward = [];
        foreach ((string folder, string path) in GetFiles(project))
        {
            foreach (Match match in Using().Matches(File.ReadAllText(path)))
            {
                string used = match.Groups[1].Value;
                if (!used.StartsWith(project + ".", StringComparison.Ordinal))
                {
                    continue;
                }

                string layer = used[(project.Length + 1)..].Split('.')[0];
                if (folder.Length > 0 && Array.IndexOf(order, layer) is >= 0 and int rank && rank > Array.IndexOf(order, folder))
                {
                    upward.Add($"{path}: {folder} is below {layer}");
                }
            }
        }

        Assert.Empty(upward);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_AllHaveAPlaceInTheOrder(string project, string[] order) =>
        Assert.Equal(
            order.Order(StringComparer.Ordinal),
            GetFiles(project).Select(file => file.Folder).Where(folder => folder.Length > 0).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_OfEveryFile_AreThoseOfItsFolderOrThePublicRoot(string project, string[] order)
    {
        Assert.NotEmpty(order);
        Assert.All(GetFiles(project), file =>
        {
            string found = Namespace().Match(File.ReadAllText(file.Path)).Groups[1].Value;
            string expected = file.Folder.Length == 0 ? project : $"{project}.{file.Folder}";
            Assert.True(found == project || found == expected || found.StartsWith(expected + ".", StringComparison.Ordinal),
                $"{file.Path}: {found}");
        });
    }

    private static IEnumerable<(string Folder, string Path)> GetFiles(string project)
    {
        string root = Path.Combine(RepositoryRoot.Folder, "src", project);
        foreach (string path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string[] parts = Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar);
            if (parts[0] is not ("obj" or "bin"))
            {
                yield return (parts.Length == 1 ? "" : parts[0], path);
            }
        }
    }

    [GeneratedRegex(@"^(?:global )?using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
