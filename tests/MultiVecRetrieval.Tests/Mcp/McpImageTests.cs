using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Tests.Server;

namespace MultiVecRetrieval.Tests.Mcp;

/// <summary>Pictures of entries, with frames where a question is met.</summary>
public sealed class McpImageTests(McpFixture fixture) : IClassFixture<McpFixture>
{
    [Fact]
    public async Task GetPageImage_WithAQuery_FramesTheWordWhereItStands()
    {
        double[] box = GeneratedMedia.BoxOf(Path.Combine(fixture.Media, "weather report.pdf"), page: 2, "umbrella");

        (JsonElement plainWords, RgbImage plain) = await GetAsync(new { id = "media/weather report.pdf#page=2", size = 900 });
        (JsonElement words, RgbImage framed) = await GetAsync(
            new { id = "media/weather report.pdf#page=2", query = "umbrella", size = 900 });

        Assert.Equal(900, Math.Max(framed.Width, framed.Height));
        Assert.False(plainWords.TryGetProperty("frames", out _));
        Assert.True(words.GetProperty("frames").GetInt32() >= 1);
        Assert.Equal(0, CountRed(plain, 0, 0, 1, 1));
        int right = CountRed(framed, box[0] - 0.03, box[1] - 0.03, box[2] + 0.03, box[3] + 0.03);
        Assert.True(right > 50, $"{right} red pixels at the word");

        // The other line of the page has none.
        Assert.Equal(0, CountRed(framed, 0, 0.5, 1, 1));
    }

    [Fact]
    public async Task GetPageImage_Video_ShowsTheMomentThatMatches()
    {
        (JsonElement found, _) = await GetAsync(new { id = "media/coast.mp4", query = "lighthouse" });
        (JsonElement asked, _) = await GetAsync(new { id = "media/coast.mp4", time = 5.0 });

        Assert.InRange(found.GetProperty("time").GetDouble(), 2, 4);
        Assert.Equal(5, asked.GetProperty("time").GetDouble());
    }

    [Fact]
    public async Task GetPageImage_QueryThatIsNotThere_HasNoFramesAndSaysSo()
    {
        (JsonElement words, RgbImage image) = await GetAsync(new { id = "media/weather report.pdf#page=1", query = "xylophone" });

        Assert.Equal(0, words.GetProperty("frames").GetInt32());
        Assert.Contains("Nothing in it matches", words.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, CountRed(image, 0, 0, 1, 1));
    }

    [Fact]
    public async Task GetPageImage_MaxBytes_MakesItSmaller()
    {
        (JsonElement large, RgbImage whole) = await GetAsync(new { id = "media/weather report.pdf#page=2", size = 2048 });

        (JsonElement small, RgbImage less) = await GetAsync(
            new { id = "media/weather report.pdf#page=2", size = 2048, maxBytes = 20_000 }, maxBytes: 20_000);

        Assert.Equal(2048, large.GetProperty("size").GetInt32());
        Assert.True(small.GetProperty("size").GetInt32() < 2048);
        Assert.True(less.Height < whole.Height);
    }

    private async Task<(JsonElement Words, RgbImage Image)> GetAsync(object arguments, int maxBytes = 700_000)
    {
        JsonElement result = await McpClient.CallAsync(fixture.Client, "get_page_image", arguments);
        JsonElement[] content = [.. result.GetProperty("content").EnumerateArray()];
        Assert.True(content.Length == 2, result.ToString());
        Assert.Equal("image/jpeg", content[1].GetProperty("mimeType").GetString());
        byte[] jpeg = content[1].GetProperty("data").GetBytesFromBase64();
        Assert.InRange(jpeg.Length, 1, maxBytes);
        return (JsonSerializer.Deserialize<JsonElement>(content[0].GetProperty("text").GetString()!),
            new ImageDecoder(new MediaLimits()).Decode(jpeg));
    }

    private static int CountRed(RgbImage image, double left, double top, double right, double bottom)
    {
        int count = 0;
        for (int y = (int)(Math.Max(0, top) * image.Height); y < (int)(Math.Min(1, bottom) * image.Height); y++)
        {
            for (int x = (int)(Math.Max(0, left) * image.Width); x < (int)(Math.Min(1, right) * image.Width); x++)
            {
                ReadOnlySpan<byte> pixel = image.Pixels.AsSpan(((y * image.Width) + x) * 3, 3);
                count += pixel[0] > 150 && pixel[1] < 100 && pixel[2] < 110 ? 1 : 0;
            }
        }

        return count;
    }
}
