using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Preprocessing;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Preprocessing;

/// <summary>Sizes, grids and boxes of pictures whose size decides the input, without pixels.</summary>
public class PictureGridTests
{
    private static readonly PixelScaling Bytes = new(ResampleFilter.Lanczos, 1, [0, 0, 0], [1, 1, 1]);

    [Theory] // Pages of common sizes by the formulas of the reference processors; ColSmol takes 64 tokens a tile.
    [InlineData("A4 portrait", 1654, 2339, 4, 3, 832, 23, 32)]
    [InlineData("Letter portrait", 1700, 2200, 4, 4, 1088, 24, 31)]
    [InlineData("A4 landscape", 2339, 1654, 3, 4, 832, 32, 23)]
    [InlineData("16:9 slide", 2667, 1500, 3, 4, 832, 36, 20)]
    [InlineData("4:3 slide", 1049, 809, 4, 4, 1088, 31, 24)]
    [InlineData("Legal", 1700, 2800, 4, 3, 832, 21, 35)]
    public void Compute_CommonPage_HasTheTilesAndTokensOfTheReference(
        string page, int width, int height, int rows, int columns, int tileTokens, int qwenColumns, int qwenRows)
    {
        TileGrid grid = TileGrid.Compute(Tiles(2048, 512, tokens: 64), width, height);
        (int resizedWidth, int resizedHeight) = SmartResize.Compute(width, height, 28, 56 * 56, 768 * 28 * 28);

        Assert.Equal((rows, columns), (grid.Rows, grid.Columns));
        Assert.Equal(tileTokens, grid.PictureCount * 64);
        Assert.True((qwenColumns, qwenRows) == (resizedWidth / 28, resizedHeight / 28), page);
        Assert.Equal((0, 0), (resizedWidth % 28, resizedHeight % 28));
    }

    [Theory] // Computed by the same formulas in Python: first resize and tiles; smart_resize with 4 to 768 tokens of 28 × 28.
    [InlineData(1, 1, 2048, 2048, 4, 4, 56, 56)]
    [InlineData(10, 2000, 10, 2048, 4, 1, 28, 1988)]
    [InlineData(42, 14, 2048, 682, 2, 4, 112, 56)]
    [InlineData(70, 70, 2048, 2048, 4, 4, 56, 56)]
    [InlineData(98, 98, 2048, 2048, 4, 4, 112, 112)]
    [InlineData(3000, 4000, 1536, 2048, 4, 3, 672, 896)]
    [InlineData(5000, 30, 2048, 12, 1, 4, 5012, 28)]
    [InlineData(333, 777, 878, 2048, 4, 2, 336, 784)]
    public void Compute_OddPicture_IsRoundedAsTheReferenceRounds(
        int width, int height, int firstWidth, int firstHeight, int rows, int columns, int resizedWidth, int resizedHeight)
    {
        Assert.Equal(new TileGrid(rows, columns, firstWidth, firstHeight), TileGrid.Compute(Tiles(2048, 512, tokens: 64), width, height));
        Assert.Equal((resizedWidth, resizedHeight), SmartResize.Compute(width, height, 28, 56 * 56, 768 * 28 * 28));
    }

    [Theory] // With 4 to 1800 tokens of 32 × 32.
    [InlineData(1654, 2339, 1120, 1600)]
    [InlineData(1049, 809, 1056, 800)]
    [InlineData(98, 98, 96, 96)]
    [InlineData(42, 14, 128, 64)]
    public void SmartResize_PatchesOf16_UsesTheirFactor(int width, int height, int resizedWidth, int resizedHeight) =>
        Assert.Equal((resizedWidth, resizedHeight), SmartResize.Compute(width, height, 32, 4 * 1024, 1800 * 1024));

    [Theory] // The reference's bisection in Python: patches of 16 within 256.
    [InlineData(1654, 2339, 19, 13)]
    [InlineData(2667, 1500, 12, 21)]
    [InlineData(1, 1, 7, 7)]
    [InlineData(2000, 10, 1, 200)]
    [InlineData(333, 777, 24, 10)]
    [InlineData(98, 98, 16, 16)]
    public void PatchBudget_Picture_HasTheGridOfTheReference(int width, int height, int rows, int columns) =>
        Assert.Equal(new PatchBudgetGrid(rows, columns), PatchBudgetGrid.Compute(width, height, 16, 256));

    [Theory] // Computed by the formula of Qwen3-VL's video processor in Python; a budget of all frames together.
    [InlineData(8, 1920, 1080, 4096, 25165824, 1920, 1088)]
    [InlineData(8, 1920, 1080, 131072, 786432, 416, 224)]
    [InlineData(8, 640, 480, 131072, 786432, 352, 256)]
    [InlineData(8, 320, 240, 131072, 786432, 320, 256)]
    [InlineData(8, 20, 300, 131072, 786432, 64, 512)]
    [InlineData(7, 1080, 1920, 4096, 2000000, 384, 704)]
    [InlineData(8, 64, 48, 131072, 786432, 160, 128)]
    [InlineData(8, 3840, 2160, 4096, 25165824, 2336, 1312)]
    public void ComputeVideo_Frames_AreSizedAsTheReferenceSizesThem(
        int frames, int width, int height, int min, int max, int resizedWidth, int resizedHeight) =>
        Assert.Equal((resizedWidth, resizedHeight), SmartResize.ComputeVideo(frames, width, height, 2, 32, min, max));

    [Fact]
    public void SmartResize_TwoHundredTimesAsLong_IsTheLimit()
    {
        (int width, int height) = SmartResize.Compute(2000, 10, 28, 56 * 56, 768 * 28 * 28);

        Assert.Equal((1988, 28), (width, height));
        ArgumentException exception =
            Assert.Throws<ArgumentException>(() => SmartResize.Compute(2001, 10, 28, 56 * 56, 768 * 28 * 28));
        Assert.Contains("2001 × 10", exception.Message, StringComparison.Ordinal);
        Assert.Contains("200 times", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SmartResize_AnyPicture_IsWithinTheBudgetUpToItsRounding()
    {
        Random random = new(Seed: 7);
        for (int i = 0; i < 2000; i++)
        {
            (int width, int height) = (random.Next(1, 4000), random.Next(1, 4000));
            if (Math.Max(width, height) > 200 * Math.Min(width, height))
            {
                continue;
            }

            (int w, int h) = SmartResize.Compute(width, height, 28, 56 * 56, 768 * 28 * 28);

            Assert.Equal((0, 0), (w % 28, h % 28));
            Assert.True(w * h <= 768 * 28 * 28 && w * h >= 56 * 56, $"{width} × {height} became {w} × {h}");
        }
    }

    [Fact]
    public void PatchBudget_AnyPicture_IsWithinTheBudget()
    {
        Random random = new(Seed: 8);
        for (int i = 0; i < 500; i++)
        {
            (int width, int height, int budget) = (random.Next(1, 100_000), random.Next(1, 5000), random.Next(1, 300));

            PatchBudgetGrid grid = PatchBudgetGrid.Compute(width, height, 16, budget);

            Assert.True(grid.Rows >= 1 && grid.Columns >= 1 && grid.Rows * grid.Columns <= budget, $"{width} × {height}: {grid}");
        }
    }

    [Theory]
    [InlineData(120, 90)]
    [InlineData(90, 200)]
    [InlineData(16, 16)]
    [InlineData(1000, 3)]
    public void Apply_AnyPicture_CoversItOncePerGridWithABoxPerToken(int width, int height)
    {
        RgbImage image = PlantedImage.Create(width, height);
        TileProcessor tiles = new(Tiles(64, 16, tokens: 4)) { Description = [] };
        PatchBudgetProcessor budget = new(new PatchBudgetOptions { PatchSide = 4, MaxPatches = 30, Scaling = Bytes }) { Description = [] };

        PictureInput tiled = tiles.Apply(image);
        PictureInput patched = budget.Apply(image);

        // The last picture is the whole, the others lie side by side.
        Assert.Equal(tiled.Shape[0] * 4, tiled.Boxes.Length);
        AssertCovers(tiled.Boxes.AsSpan(0, tiled.Boxes.Length - 4));
        AssertCovers(tiled.Boxes.AsSpan(tiled.Boxes.Length - 4));
        AssertCovers(patched.Boxes);
        Assert.Equal(patched.Boxes.Length, patched.Sides[0].Values.Sum());
        Assert.Equal(tiled.Boxes.Length, tiled.Tokens.Split("<image>").Length - 1);
    }

    [Fact]
    public void DescribeTokens_TwoByTwo_IsTheReferencesText() => Assert.Equal(
        "<fake_token_around_image><row_1_col_1><image><fake_token_around_image><row_1_col_2><image>\n"
            + "<fake_token_around_image><row_2_col_1><image><fake_token_around_image><row_2_col_2><image>\n"
            + "\n<fake_token_around_image><global-img><image><fake_token_around_image>",
        TileProcessor.DescribeTokens(2, 2, 1));

    [Fact]
    public void DescribeTokens_OneTile_IsTheWholeAlone() => Assert.Equal(
        "<fake_token_around_image><global-img><image><image><fake_token_around_image>", TileProcessor.DescribeTokens(0, 0, 2));

    internal static TileOptions Tiles(int longest, int side, int tokens) => new()
    {
        TileSide = side,
        LongestSide = longest,
        Splits = true,
        TokensPerTile = tokens,
        Scaling = Bytes,
    };

    private static void AssertCovers(ReadOnlySpan<Place> boxes)
    {
        double area = 0;
        foreach (Place box in boxes)
        {
            Assert.InRange(box.Left, 0, box.Right);
            Assert.InRange(box.Top, 0, box.Bottom);
            Assert.True(box.Right <= 1 && box.Bottom <= 1, $"{box}");
            area += (double)(box.Right - box.Left) * (box.Bottom - box.Top);
        }

        // Boxes of a grid do not overlap, so that their areas add up to the picture's; each edge is rounded to float32.
        if (boxes.Length > 0)
        {
            Assert.Equal(1, area, boxes.Length * 4 * 6e-8);
        }
    }
}
