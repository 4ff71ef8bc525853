using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Searching;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>A picture of four colours, a row for each patch of 8 by 8 pixels: each word is warm where its colour is.</summary>
public sealed class HeatMapTests : IDisposable
{
    private readonly PlantedEncoder _model = PlantedEncoder.CreateRows();
    private readonly SampleLibrary _sample = new();

    public HeatMapTests()
    {
        RgbImage picture = PlantedEncoder.Plain(32, 32, (255, 0, 0));
        for (int y = 0; y < 32; y++)
        {
            for (int x = 0; x < 32; x++)
            {
                (byte, byte, byte) color = (x < 16, y < 16) switch
                {
                    (true, true) => (255, 0, 0),
                    (false, true) => (0, 255, 0),
                    (true, false) => (0, 0, 255),
                    _ => (255, 255, 255),
                };
                int at = ((y * 32) + x) * 3;
                (picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2]) = color;
            }
        }

        _sample.Write("four.png", SampleLibrary.Png(picture));
        _sample.Index(request => request with { Models = [_model.Folder] });
    }

    public void Dispose()
    {
        _sample.Dispose();
        _model.Dispose();
    }

    [Theory]
    [InlineData("red", 0.25f, 0.25f)]
    [InlineData("green", 0.75f, 0.25f)]
    [InlineData("blue", 0.25f, 0.75f)]
    public async Task GetHeatMaps_Word_IsWarmestWhereItsColourIs(string word, float x, float y)
    {
        IReadOnlyList<HeatMap> maps = await _sample.Library.GetHeatMapsAsync(
            SampleLibrary.Collection, "four.png", new QueryPart { Text = word }, cancellationToken: TestContext.Current.CancellationToken);

        HeatMap map = Assert.Single(maps);
        Assert.Equal(16, map.Cells.Count);
        MultiVector rows = _sample.Opened.Entries.GetVectors("four.png", map.Space)!;
        MultiVector asked = _sample.Library.GetEncoder(_sample.Opened.Spaces[0]).EncodeText(word).Rows;
        for (int i = 0; i < 16; i++)
        {
            float best = Enumerable.Range(0, asked.RowCount).Max(row =>
                asked.Row(row).ToArray().Zip(rows.Row(i).ToArray(), (a, b) => a * b).Sum());
            Assert.Equal(best, map.Cells[i].Similarity, 5);
        }

        Place warmest = map.Cells.MaxBy(cell => cell.Similarity)!.Place;
        Assert.InRange(x, warmest.Left - 0.25f, warmest.Right + 0.25f);
        Assert.InRange(y, warmest.Top - 0.25f, warmest.Bottom + 0.25f);

        // The picture of it: the middle of that quarter is the most opaque of the four.
        byte[] pixels = HeatMaps.Paint(map with { Presence = null }, 64, 64);
        int Alpha(float left, float top) => pixels[(((int)(top * 64) * 64) + (int)(left * 64)) * 4 + 3];
        int own = Alpha(x, y);
        Assert.Equal(own, ((float, float)[])[(0.25f, 0.25f), (0.75f, 0.25f), (0.25f, 0.75f), (0.75f, 0.75f)] is var quarters
            ? quarters.Max(quarter => Alpha(quarter.Item1, quarter.Item2)) : 0);
        Assert.True(own > 150);
    }

    [Fact]
    public void PaintHeatMap_AnyMap_IsAPngInTheShapeOfItsEntry()
    {
        HeatCell[] cells = [new(new Place(0, 0, 0.5f, 1), 0.9f, "a"), new(new Place(0.5f, 0, 1, 1), 0.1f, "a")];
        HeatMap map = new("space", cells, Presence: 0.5, PresenceWidth: 0.1);
        Entry entry = new() { Key = "e", DocumentKey = "e", MediaType = MediaType.Image, Width = 400, Height = 100 };

        byte[] png = Library.PaintHeatMap(map, entry, 200);

        Assert.Equal(MediaFormat.Png, MediaSniffer.Detect(png));
        RgbImage picture = new ImageDecoder(new MediaLimits()).Decode(png);
        Assert.Equal((200, 50), (picture.Width, picture.Height));

        // On a white ground the left half is red, the right half stays white.
        Assert.True(picture.Pixels[2] < 100);
        Assert.True(picture.Pixels[(199 * 3) + 2] > 250);
    }

    [Fact]
    public async Task GetHeatMaps_NoPart_IsRefused() =>
        await Assert.ThrowsAsync<InvalidQueryException>(() => _sample.Library.GetHeatMapsAsync(
            SampleLibrary.Collection, "four.png", new QueryPart(), cancellationToken: TestContext.Current.CancellationToken));
}
