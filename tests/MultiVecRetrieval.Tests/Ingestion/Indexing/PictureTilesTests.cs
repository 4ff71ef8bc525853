using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

public class PictureTilesTests
{
    private const int ModelPixels = 224 * 224;

    [Theory]
    [InlineData(224, 224, 16, 0, 0)] // What the model sees as it is.
    [InlineData(448, 224, 16, 2, 1)]
    [InlineData(448, 448, 16, 2, 2)]
    [InlineData(224, 672, 16, 1, 3)]
    [InlineData(672, 672, 16, 3, 3)]
    [InlineData(4000, 3000, 4, 2, 2)]
    [InlineData(4000, 3000, 16, 5, 3)] // 800 x 1,000 is nearer to a square than 16 tiles of 1,000 x 750.
    [InlineData(4000, 3000, 0, 0, 0)]
    [InlineData(4000, 3000, 1, 0, 0)]
    public void Cut_Picture_HasTheGridOfTheSquarestTiles(int width, int height, int most, int columns, int rows)
    {
        IReadOnlyList<Place> tiles = PictureTiles.Cut(width, height, ModelPixels, most);

        Assert.Equal(columns * rows, tiles.Count);
        Assert.Equal(columns, tiles.Select(tile => tile.Left).Distinct().Count());
        Assert.Equal(rows, tiles.Select(tile => tile.Top).Distinct().Count());
    }

    // Whatever is no larger than a quarter of a tile is whole in one of them.
    [Fact]
    public void Cut_AnyThingOfAQuarterOfATile_IsWholeInOne()
    {
        Random random = new(11);
        for (int round = 0; round < 2_000; round++)
        {
            int most = random.Next(2, 17);
            IReadOnlyList<Place> tiles = PictureTiles.Cut(random.Next(500, 8_000), random.Next(500, 8_000), ModelPixels, most);
            float wide = 0.25f * (tiles[0].Right - tiles[0].Left), tall = 0.25f * (tiles[0].Bottom - tiles[0].Top);
            (float left, float top) = (random.NextSingle() * (1 - wide), random.NextSingle() * (1 - tall));

            Assert.InRange(tiles.Count, 2, most);
            Assert.Contains(tiles, tile => tile.Left <= left + 1e-5f && tile.Right >= left + wide - 1e-5f
                && tile.Top <= top + 1e-5f && tile.Bottom >= top + tall - 1e-5f);
            Assert.Equal(1, tiles.Max(tile => tile.Right), 1e-5);
            Assert.Equal(1, tiles.Max(tile => tile.Bottom), 1e-5);
            Assert.All(tiles, tile => Assert.True(tile is { Left: >= 0, Top: >= 0, Right: <= 1, Bottom: <= 1 }));
        }
    }

    // The model knows mean colours: a small red thing on grey is less red than a picture with a tinge of it, unless it has a tile.
    [Theory]
    [InlineData(0, "tinged.png")]
    [InlineData(16, "thing.png")]
    public void Index_SmallThing_IsFoundByItsTile(int tiles, string expected)
    {
        using PlantedEncoder model = PlantedEncoder.CreateSplit();
        using SampleLibrary sample = new(options => options with { PictureTiles = tiles });
        RgbImage picture = PlantedEncoder.Plain(320, 320, (120, 120, 120));
        for (int y = 250; y < 310; y++)
        {
            for (int x = 250; x < 310; x++)
            {
                ((byte[])[255, 0, 0]).CopyTo(picture.Pixels, ((y * 320) + x) * 3);
            }
        }

        sample.Write("thing.png", SampleLibrary.Png(picture));
        sample.Write("tinged.png", SampleLibrary.Png(PlantedEncoder.Plain(320, 320, (150, 110, 110))));
        sample.Index(request => request with { Models = [model.Folder] });

        SearchHit hit = sample.Search(query => query with { Text = "red", Using = SearchSide.Vectors }).Hits[0];

        Assert.Equal(expected, hit.Entry.Key);
        Place box = Assert.Single(hit.Matches).Place;
        Assert.Equal(tiles == 0, box == Place.Whole);
        Assert.Equal(tiles > 0, box is { Left: > 0.5f, Top: > 0.5f });
        Assert.Equal(tiles == 0 ? 1 : 17, sample.Opened.Entries.GetVectors("thing.png", sample.Opened.Spaces[0].Name)!.RowCount);
    }
}
