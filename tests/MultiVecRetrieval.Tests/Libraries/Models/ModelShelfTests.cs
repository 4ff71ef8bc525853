using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Tests.Libraries.Models;

public sealed class ModelShelfTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ListModels_ConfiguredBesideAndBundled_InThatOrderAndTheFirstOfANameWins()
    {
        string configured = Directory.CreateDirectory(_folder.PathOf("own/page-words")).FullName;
        File.WriteAllText(Path.Combine(configured, "config.json"), "{}");
        string broken = Directory.CreateDirectory(_folder.PathOf("models/broken")).FullName;
        File.WriteAllText(Path.Combine(broken, "config.json"), "{}");
        using Library library = Open("own");

        IReadOnlyList<FoundModel> models = library.ListModels();

        string[] bundled = [.. Directory.EnumerateDirectories(BundledModels.Folder).Order(StringComparer.Ordinal)];
        Assert.Equal([configured, broken, .. bundled], models.Select(model => model.Folder));
        Assert.NotNull(models[1].Problem);
        Assert.Contains(configured, models.Single(model => model.Folder == BundledModels.DefaultFolder).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ListModels_CopyOfTheBundledModel_IsListedOnceWithoutAProblem()
    {
        string configured = CopyBundled("own/page-words");
        using Library library = Open("own");

        (string folder, ModelContract? contract, string? problem) = Assert.Single(library.ListModels(),
            model => Path.GetFileName(model.Folder) == BundledModels.Default);

        Assert.Equal(configured, folder);
        Assert.NotNull(contract);
        Assert.Null(problem);
    }

    [Fact]
    public void GetEncoder_NameOrFolder_IsLoadedOnce()
    {
        using Library library = Open();

        EncoderModel encoder = library.GetEncoder("page-words");

        Assert.Same(encoder.Contract, library.GetEncoder(BundledModels.DefaultFolder).Contract);
        ModelNotFoundException error = Assert.Throws<ModelNotFoundException>(() => library.GetEncoder("clip"));
        Assert.Contains(BundledModels.Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetEncoder_SpaceWhoseModelMoved_IsFoundByItsId()
    {
        using Library library = Open();
        ModelContract contract = library.GetEncoder("page-words").Contract;
        Space space =
            new() { Name = "page-words", Id = contract.SpaceId, Dimension = contract.Dimension, ModelFolder = "/gone/page-words" };

        Assert.Equal(contract.SpaceId, library.GetEncoder(space).Contract.SpaceId);
    }

    [Fact]
    public void GetEncoder_SpaceWhoseModelChanged_NamesBothIds()
    {
        using Library library = Open();
        ModelContract contract = library.GetEncoder("page-words").Contract;
        Space space = new() { Name = "page-words", Id = new("0123"), Dimension = 128, ModelFolder = BundledModels.DefaultFolder };

        ModelNotFoundException error = Assert.Throws<ModelNotFoundException>(() => library.GetEncoder(space));

        Assert.Equal((new("0123"), contract.SpaceId), (error.Expected, error.Actual));
        Assert.Contains("0123", error.Message, StringComparison.Ordinal);
        Assert.Contains(contract.SpaceId.Value, error.Message, StringComparison.Ordinal);
        Assert.Contains("0123", error.Notice, StringComparison.Ordinal);
        Assert.DoesNotContain("/", error.Notice, StringComparison.Ordinal);
    }

    private Library Open(params string[] modelFolders) => new(new LibraryOptions
    {
        DataFolder = _folder.PathOf("data"),
        ModelFolders = [.. modelFolders.Select(_folder.PathOf)],
    });

    private string CopyBundled(string name)
    {
        string target = _folder.PathOf(name);
        foreach (string file in Directory.EnumerateFiles(BundledModels.DefaultFolder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(BundledModels.DefaultFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }
}
