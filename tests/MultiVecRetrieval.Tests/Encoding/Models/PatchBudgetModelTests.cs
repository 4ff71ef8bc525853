using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>SigLIP2 NaFlex, end to end: patches of 2 × 2 pixels, at most 20.</summary>
public class PatchBudgetModelTests
{
    private const string Rows = """{ "vision": { "pooling": "rows", "output": "last_hidden_state" } }""";

    // Where PatchBudget rows say the mask and the grid; the layout is [colour, 0, 0, 1, mask, rows, columns].
    private const int GridRows = 7;

    [Fact]
    public void EncodeImage_Picture_HasTheGridsPatchesAndNoPadding()
    {
        using PlantedPictures planted = PlantedPictures.CreatePatchBudget();
        planted.Write("encoder.json", Rows);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        // 12 × 6 pixels within 20 patches of 2 × 2: 3 rows of 6.
        MultiVector rows = model.EncodeImage(PlantedEncoder.Plain(12, 6, (255, 0, 0)), TestContext.Current.CancellationToken);

        Assert.Equal(18, rows.RowCount);
        Assert.All(Enumerable.Range(0, 18), row =>
        {
            float[] fed = [.. PlantedPictures.Undo(rows.Row(row)).Select(value => MathF.Round(value, 4))];
            Assert.Equal([1, -1, -1, 0, 0, 1, 1, 3, 6], fed);
        });
    }

    [Fact]
    public void EncodeImage_Spot_IsInTheRowWhoseBoxHoldsIt()
    {
        using PlantedPictures planted = PlantedPictures.CreatePatchBudget();
        planted.Write("encoder.json", Rows);
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        RgbImage image = PlantedEncoder.Plain(12, 6, (0, 0, 0));
        foreach (int pixel in new[] { (2 * 12) + 8, (2 * 12) + 9, (3 * 12) + 8, (3 * 12) + 9 })
        {
            image.Pixels[pixel * 3] = 255;
        }

        MultiVector rows = model.EncodeImage(image, TestContext.Current.CancellationToken);

        int reddest = Enumerable.Range(0, 18).MaxBy(row => PlantedPictures.Undo(rows.Row(row))[PlantedPictures.Color]);
        Assert.Equal((6 + 4, 1f), (reddest, MathF.Round(PlantedPictures.Undo(rows.Row(reddest))[PlantedPictures.Color], 4)));
        Assert.Equal(new Place(4 / 6f, 1 / 3f, 5 / 6f, 2 / 3f), rows.Places[reddest], PlaceComparer.Within(1e-6f));
    }

    [Fact]
    public void EncodeImage_PooledOutput_IsOneVectorOfTheRealPatches()
    {
        using PlantedPictures planted = PlantedPictures.CreatePatchBudget();
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        MultiVector vector = model.EncodeImage(PlantedEncoder.Plain(12, 6, (255, 0, 0)), TestContext.Current.CancellationToken);

        // The sum over the real patches, so that all values are those of one patch once their common length is undone.
        float[] fed = [.. PlantedPictures.Undo(vector.Row(0)).Select(value => MathF.Round(value, 4))];
        Assert.Equal([1, -1, -1, 0, 0, 1, 1, 3, 6], fed);
        Assert.Equal([Place.Whole], vector.Places.ToArray());
        Assert.False(model.Contract.IsMultiVector);
    }

    [Theory]
    [InlineData(200, 2, 1, 20)]
    [InlineData(2, 200, 20, 1)]
    [InlineData(1, 1, 4, 4)]
    [InlineData(31, 31, 4, 4)]
    public void EncodeImage_AnyShape_IsWithinTheBudget(int width, int height, int gridRows, int gridColumns)
    {
        using PlantedPictures planted = PlantedPictures.CreatePatchBudget();
        planted.Write("encoder.json", Rows);
        using EncoderModel model = EncoderModel.Load(planted.Folder);

        MultiVector rows = model.EncodeImage(PlantedEncoder.Plain(width, height, (9, 9, 9)), TestContext.Current.CancellationToken);

        Assert.Equal(gridRows * gridColumns, rows.RowCount);
        float[] fed = PlantedPictures.Undo(rows.Row(0));
        Assert.Equal((gridRows, gridColumns), ((int)MathF.Round(fed[GridRows]), (int)MathF.Round(fed[GridRows + 1])));
    }

    [Fact]
    public void Inspect_OtherBudget_IsAnotherSpace()
    {
        using PlantedPictures planted = PlantedPictures.CreatePatchBudget();
        SpaceId original = EncoderModel.Inspect(planted.Folder).SpaceId;
        string content = File.ReadAllText(planted.PathOf("preprocessor_config.json"));
        planted.Write("preprocessor_config.json", content.Replace("\"max_num_patches\": 20", "\"max_num_patches\": 25", StringComparison.Ordinal));

        Assert.NotEqual(original, EncoderModel.Inspect(planted.Folder).SpaceId);
    }
}
