using MultiVecRetrieval.Encoding.Preprocessing;

namespace MultiVecRetrieval.Tests.Encoding.Preprocessing;

/// <summary>Bytes of pictures whose size decides the input, in the order of the tensor, against Pillow 9.4 and numpy 1.24.</summary>
public class PicturePixelTests
{
    [Theory] // Three Lanczos resizes, tiles row by row, the whole last.
    [InlineData(1654, 2339, 2048, 512, 13, "4a31a311d8813f1d")]
    [InlineData(640, 427, 256, 64, 13, "2aadfbe7d516c26d")]
    [InlineData(427, 640, 1456, 364, 13, "d53e29bf07315cd8")]
    [InlineData(100, 75, 512, 512, 1, "cddabdc686964dfc")]
    [InlineData(64, 64, 100, 64, 5, "51a9c34450d6b81d")]
    public void Tiles_PlantedImage_EqualTheReference(int width, int height, int longest, int side, int pictures, string hash)
    {
        TileProcessor processor = new(PictureGridTests.Tiles(longest, side, tokens: 4)) { Description = [] };

        PictureInput input = processor.Apply(PlantedImage.Create(width, height));

        Assert.Equal([pictures, 3, side, side], input.Shape);
        Assert.Equal(hash, Hash(input));
    }

    [Theory] // smart_resize, bicubic, then reshape and transpose of the reference with numpy.
    [InlineData(640, 427, 14, 3136, 28 * 28 * 1280, 30, 46, "065b58526f880fc8")]
    [InlineData(1654, 2339, 14, 3136, 768 * 784, 64, 46, "ca4e0c6b35470303")]
    [InlineData(100, 75, 16, 65536, 16777216, 14, 20, "a664d3a72407f80a")]
    [InlineData(300, 224, 14, 3136, 100 * 784, 16, 22, "b9f5d9e1d927498a")]
    public void MergedPatches_PlantedImage_EqualTheReference(
        int width, int height, int patch, int min, int max, int rows, int columns, string hash)
    {
        MergedPatchProcessor processor = new(new MergedPatchOptions
        {
            PatchSide = patch,
            MergeSide = 2,
            TemporalPatch = 2,
            MinPixels = min,
            MaxPixels = max,
            Scaling = Bytes(ResampleFilter.Bicubic),
        })
        { Description = [] };

        PictureInput input = processor.Apply(PlantedImage.Create(width, height));

        Assert.Equal([rows * columns, 3 * 2 * patch * patch], input.Shape);
        Assert.Equal([1, rows, columns], input.Sides.Single(side => side.Name == "image_grid_thw").Values);
        Assert.Equal(rows * columns / 4, input.Boxes.Length);
        Assert.Equal(hash, Hash(input));
    }

    [Theory] // The reference's bisection, bilinear, patches row by row, zeros to the budget.
    [InlineData(640, 427, 16, 256, 13, 19, "fd45dafb4333434b")]
    [InlineData(427, 640, 16, 256, 19, 13, "2349f92c5f922d45")]
    [InlineData(50, 50, 14, 16, 4, 4, "3db5c16ff08fdd5c")]
    [InlineData(1000, 333, 16, 64, 4, 13, "20a0302444d37cda")]
    public void PatchBudget_PlantedImage_EqualsTheReference(
        int width, int height, int patch, int budget, int rows, int columns, string hash)
    {
        PatchBudgetProcessor processor = new(new PatchBudgetOptions
        {
            PatchSide = patch,
            MaxPatches = budget,
            Scaling = Bytes(ResampleFilter.Bilinear),
        })
        { Description = [] };

        PictureInput input = processor.Apply(PlantedImage.Create(width, height));

        Assert.Equal([budget, 3 * patch * patch], input.Shape);
        Assert.Equal([rows, columns], input.Sides.Single(side => side.Name == "spatial_shapes").Values);
        long[] mask = input.Sides.Single(side => side.Name == "pixel_attention_mask").Values;
        Assert.Equal([.. Enumerable.Repeat(1L, rows * columns), .. new long[budget - (rows * columns)]], mask);
        Assert.Equal(hash, Hash(input));
    }

    private static PixelScaling Bytes(ResampleFilter filter) => new(filter, 1, [0, 0, 0], [1, 1, 1]);

    private static string Hash(PictureInput input) => PlantedImage.Hash([.. input.Pixels.Select(value => (byte)value)]);
}
