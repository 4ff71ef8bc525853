using System.Diagnostics;
using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Tests.Ingestion.Walking;

public sealed class FileWalkerTests : IDisposable
{
    private static readonly HashSet<string> NoRoots = [];
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        // .NET can delete no folder whose name is not UTF-8.
        Shell("find . -mindepth 1 -delete");
        _folder.Dispose();
    }

    [Fact]
    public void Walk_FilesInFolders_ComeInOrdinalOrderWithRelativePaths()
    {
        Touch("b/2.png", "b/10.png", "a.png", "B.png", "b.png");

        Assert.Equal(["B.png", "a.png", "b/10.png", "b/2.png", "b.png"], Walk().Select(file => file.Path));
    }

    [Fact]
    public void Walk_HiddenAndExcluded_AreListedOnceWithTheReason()
    {
        Touch(".git/a", ".git/b", ".hidden.png", "tmp/a.png", "keep/a.png");

        List<FoundFile> files = Walk("tmp");

        Assert.Equal(
            [(".git/", "hidden folder"), (".hidden.png", "hidden file"), ("keep/a.png", null), ("tmp/", "excluded by the pattern 'tmp'")],
            files.Select(file => (file.Path, file.Exclusion)));
    }

    [Fact]
    public void Walk_NamesThatAreNotUtf8_AreNamedByTheirBytes()
    {
        Touch("a\uFFFD.png", "z.png");
        MakeLatin1("caf\\351.png", "caf\\350.png", ".\\351.png", "\\374ber/b.png");

        List<FoundFile> files = Walk();

        Assert.Equal(
            [
                (".\\xE9.png", "hidden file", null),
                ("\\xFCber/", null, "the name of the folder is not UTF-8, so nothing in it can be opened: \\xFCber; rename it"),
                ("a\uFFFD.png", null, null),
                ("caf\\xE8.png", null, "the name is not UTF-8: caf\\xE8.png; rename it"),
                ("caf\\xE9.png", null, "the name is not UTF-8: caf\\xE9.png; rename it"),
                ("z.png", null, null),
            ],
            files.Select(file => (file.Path, file.Exclusion, file.Problem)).OrderBy(file => file.Path, StringComparer.Ordinal));
    }

    [Fact]
    public void Walk_DataFolderInside_IsNotEntered()
    {
        Touch("indexes/c/uploads/a.png", "a.png");

        Assert.Equal([("a.png", null), ("indexes/", "the data folder of the library")], Walk().Select(file => (file.Path, file.Exclusion)));
    }

    [Fact]
    public void Walk_LinksInCircles_EndsAndListsEachFileOnce()
    {
        Touch("a/x.png", "b/y.png");
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "a", "up"), _folder.FullName);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "b", "other"), Path.Combine(_folder.FullName, "a"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "b", "self"), Path.Combine(_folder.FullName, "b"));

        List<FoundFile> files = Walk();

        Assert.Equal(["a/x.png", "b/y.png"], files.Where(file => file.Exclusion is null).Select(file => file.Path));
        Assert.Equal(["a/up/", "b/other/", "b/self/"], files.Where(file => file.Exclusion is not null).Select(file => file.Path));
    }

    [Fact]
    public void Walk_LinkToAFolderOutside_IsFollowedOnce()
    {
        using TemporaryFolder other = new();
        other.Write("x.png", [1]);
        Touch("a.png");
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "one"), other.FullName);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "two"), other.FullName);

        Assert.Equal([("a.png", true), ("one/x.png", true), ("two/", false)], Walk().Select(file => (file.Path, file.Exclusion is null)));
    }

    [Fact]
    public void Walk_LinkToAFile_IsUnchangedWhileItsTargetIs()
    {
        string target = _folder.Write("target.png", [1, 2, 3]);
        File.SetLastWriteTimeUtc(target, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        string folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "links")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "link.png"), target);
        FoundFile found = new FileWalker("/nowhere", [], new HashSet<string>()).Look(folder, Path.Combine(folder, "link.png"));

        Assert.True(found.IsUnchangedOnDisk());
        File.WriteAllBytes(target, [1, 2, 3, 4]);
        Assert.False(found.IsUnchangedOnDisk());
    }

    [Fact]
    public void Walk_LinkToNothing_IsAProblemOfThatFile()
    {
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "gone.png"), "/nowhere/at/all");

        FoundFile file = Assert.Single(Walk());

        Assert.Contains("link", file.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Walk_FolderThatIsARootOfItsOwn_KeepsItsKeys()
    {
        Touch("inner/x.png", "y.png");
        string inner = Path.Combine(_folder.FullName, "inner");
        FileWalker walker = new("/nowhere", [], new HashSet<string> { inner });

        Assert.Equal([(inner, "x.png"), (_folder.FullName, "y.png")],
            walker.Walk(_folder.FullName, _folder.FullName).Select(file => (file.Root, file.Path)));
    }

    private List<FoundFile> Walk(params string[] exclude)
    {
        FileWalker walker = new(Path.Combine(_folder.FullName, "indexes"), [.. exclude.Select(glob => new GlobPattern(glob))], NoRoots);
        return [.. walker.Walk(_folder.FullName, _folder.FullName)];
    }

    private void Touch(params string[] paths)
    {
        foreach (string path in paths)
        {
            string full = Path.Combine(_folder.FullName, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(full, [1]);
        }
    }

    // printf turns \351 into a byte, which no .NET API puts into a name.
    private void MakeLatin1(params string[] names)
    {
        foreach (string name in names)
        {
            Shell("f=$(printf \"$1\"); mkdir -p \"./$(dirname \"$f\")\"; printf x > \"$f\"", name);
        }
    }

    private void Shell(string script, params string[] arguments)
    {
        ProcessStartInfo start = new("sh", ["-c", script, "sh", .. arguments]) { WorkingDirectory = _folder.FullName };
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
