using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Hub;

namespace MultiVecRetrieval.Tests.Encoding.Hub;

public sealed class ModelCatalogTests
{
    public static TheoryData<string> Names => [.. ModelCatalog.Models.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Model_OfTheCatalogue_SaysWhatPeopleAsk(string name)
    {
        CatalogModel model = ModelCatalog.Models.Single(model => model.Name == name);

        Assert.Equal(name, ModelReference.Parse(name).DefaultName);
        Assert.Equal(model.Repository, ModelReference.Parse(model.Repository).Repository);
        Assert.Contains(model.GoodFor, (string[])["pages", "photos", "both", "text"]);
        Assert.All([model.Size, model.Licence, model.Languages], Assert.NotEmpty);
        Assert.True(model.Score is null || model.Score.Contains('('), "A figure comes with its source.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Encoder_OfTheCatalogue_IsADescription(string name)
    {
        using ModelFolder folder = new();
        CatalogModel model = ModelCatalog.Find(name)!;
        folder.Write("encoder.json", model.Encoder?.ToJsonString() ?? "{}");

        Assert.NotNull(EncoderDescription.Read(folder.Path));
    }

    [Fact]
    public void Parse_NameWithARevision_TakesIt()
    {
        ModelReference reference = ModelReference.Parse("E5-Small@v1");

        Assert.Equal(("Xenova/multilingual-e5-small", "v1", "e5-small"), (reference.Repository, reference.Revision, reference.DefaultName));
    }
}
