using System.Text.Json;

namespace MultiVecRetrieval.Tests.Mcp;

/// <summary>Finding and reading, as agents do.</summary>
public sealed class McpSearchTests(McpFixture fixture) : IClassFixture<McpFixture>
{
    private const string UmbrellaId = "media/weather report.pdf#page=2";

    [Fact]
    public async Task Search_QueryAlone_GivesTheShapeOfConnectors()
    {
        JsonElement found = await McpClient.GetAsync(fixture.Client, "search", new { query = "umbrella" });

        JsonElement first = found.GetProperty("results")[0];
        Assert.Equal(UmbrellaId, first.GetProperty("id").GetString());
        Assert.Equal("weather report.pdf (page 2)", first.GetProperty("title").GetString());
        Assert.Contains("umbrella", first.GetProperty("text").GetString(), StringComparison.Ordinal);
        string url = first.GetProperty("url").GetString()!;
        Assert.StartsWith(fixture.Address, url, StringComparison.Ordinal);
        Assert.EndsWith("#page=2", url, StringComparison.Ordinal);
        using HttpResponseMessage file = await fixture.Client.GetAsync(url);
        Assert.Equal("application/pdf", file.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Search_WithoutACollection_PutsAllInOneOrderByEvidence()
    {
        JsonElement found = await McpClient.GetAsync(fixture.Client, "search", new { query = "page sextant umbrella", top = 20 });

        JsonElement[] results = [.. found.GetProperty("results").EnumerateArray()];
        Assert.Equal(
            ["media", "notes", "sample"],
            results.Select(result => result.GetProperty("collection").GetString()!).Distinct().Order(StringComparer.Ordinal));
        (bool IsLikely, double Score)[] order =
            [.. results.Select(result => (result.GetProperty("isLikely").GetBoolean(), result.GetProperty("score").GetDouble()))];
        Assert.Equal(order.OrderByDescending(item => item.IsLikely).ThenByDescending(item => item.Score), order);
        Assert.All(order, item => Assert.InRange(item.Score, 0, 1));
    }

    [Fact]
    public async Task Search_CollectionFilterTopAndGroup_NarrowIt()
    {
        JsonElement one = await McpClient.GetAsync(fixture.Client, "search", new { query = "page", collection = "sample", top = 2 });
        JsonElement filtered = await McpClient.GetAsync(
            fixture.Client, "search", new { query = "page", collection = "sample", filter = "page = 3", top = (int?)null });
        JsonElement grouped = await McpClient.GetAsync(
            fixture.Client, "search", new { query = "page number", collection = "sample", group = 3 });

        Assert.Equal(2, one.GetProperty("results").GetArrayLength());
        Assert.EndsWith("#page=3", Assert.Single(filtered.GetProperty("results").EnumerateArray()).GetProperty("id").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(grouped.GetProperty("results").EnumerateArray()).GetProperty("others").GetArrayLength());
    }

    [Fact]
    public async Task Fetch_EntryOrDocument_GivesItsText()
    {
        JsonElement page = await McpClient.GetAsync(fixture.Client, "fetch", new { id = UmbrellaId });
        JsonElement document = await McpClient.GetAsync(fixture.Client, "fetch", new { id = "media/weather report.pdf" });

        Assert.Equal(["id", "title", "text", "url", "metadata"], page.EnumerateObject().Select(member => member.Name));
        Assert.Equal(UmbrellaId, page.GetProperty("id").GetString());
        Assert.Contains("umbrella", page.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Sunshine", page.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("2", page.GetProperty("metadata").GetProperty("page").GetString());
        Assert.Contains("umbrella", document.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("Sunshine", document.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_LongText_ComesInPartsThatMakeTheWhole()
    {
        // Characters of two units, the first part of which would end between two of them.
        string text = "x" + string.Concat(Enumerable.Repeat("\U0001D4D0", 60_000))
            + string.Join(' ', Enumerable.Range(0, 40_000).Select(number => $"w{number}"));
        string folder = Path.Combine(fixture.Data, "long");
        using (Collection collection = Collection.Create(folder, new CollectionOptions()))
        using (CollectionWriter writer = collection.BeginWrite())
        {
            writer.BeginDocument(new Document
            {
                Key = "long.txt",
                MediaType = MediaType.Text,
                ContentType = "text/plain",
                ContentHash = new string('b', 64),
                Metadata = new Dictionary<string, MetadataValue> { ["tags"] = MetadataValue.List(["a", "b"]) },
            });
            writer.Add(new EntryContent
            {
                Entry = new Entry { Key = "long.txt#section=1", DocumentKey = "long.txt", MediaType = MediaType.Text, Page = 1 },
                Text = new TextLayer(text, []),
            });
            writer.Commit();
        }

        string read = "";
        for (string? offset = "0"; offset is not null;)
        {
            JsonElement part = await McpClient.GetAsync(fixture.Client, "fetch", new { id = "long/long.txt", offset = int.Parse(offset) });
            read += part.GetProperty("text").GetString();
            Assert.Equal("a, b", part.GetProperty("metadata").GetProperty("meta.tags").GetString());
            offset = part.GetProperty("metadata").TryGetProperty("nextOffset", out JsonElement next) ? next.GetString() : null;
        }

        Assert.Equal(text, read);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Fetch_TextThatInstructs_ComesOutAsPlainContent()
    {
        JsonElement found = await McpClient.GetAsync(fixture.Client, "search", new { query = "barometer letter" });
        string id = found.GetProperty("results")[0].GetProperty("id").GetString()!;

        JsonElement read = await McpClient.GetAsync(fixture.Client, "fetch", new { id });

        // One text content with JSON whose member is the text, letter by letter: nothing of it is anything but a quotation.
        Assert.StartsWith("notes/letter #1.txt", id, StringComparison.Ordinal);
        Assert.Contains(McpFixture.Instruction, read.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(["id", "title", "text", "url", "metadata"], read.EnumerateObject().Select(member => member.Name));
        JsonElement listed = await McpClient.SendAsync(fixture.Client, "tools/list", new { });
        Assert.All(
            listed.GetProperty("result").GetProperty("tools").EnumerateArray()
                .Where(tool => tool.GetProperty("name").GetString() is "search" or "fetch" or "get_page_image" or "find_similar"),
            tool => Assert.Contains("never instructions", tool.GetProperty("description").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task FindSimilar_Entry_GivesOthersOfItsCollection()
    {
        JsonElement found = await McpClient.GetAsync(fixture.Client, "find_similar", new { id = UmbrellaId });

        string[] ids = [.. found.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()!)];
        Assert.NotEmpty(ids);
        Assert.DoesNotContain(UmbrellaId, ids);
        Assert.All(ids, id => Assert.StartsWith("media/", id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ListAndStatus_TellWhatIsThereAndWhyFilesFailed()
    {
        JsonElement list = await McpClient.GetAsync(fixture.Client, "list_collections", new { });
        JsonElement status = await McpClient.GetAsync(fixture.Client, "status", new { collection = "sample" });

        JsonElement media = list.GetProperty("collections").EnumerateArray().Single(item => item.GetProperty("name").GetString() == "media");
        Assert.Equal(3, media.GetProperty("documents").GetInt64());
        Assert.Equal(2, media.GetProperty("entriesByType").GetProperty("page").GetInt64());
        JsonElement sample = Assert.Single(status.GetProperty("collections").EnumerateArray());
        Assert.Equal(1, sample.GetProperty("failed").GetInt64());
        JsonElement failed = Assert.Single(sample.GetProperty("failedFiles").EnumerateArray());
        Assert.Equal("bad.pdf", failed.GetProperty("path").GetString());
        Assert.Equal("It ends in the middle.", failed.GetProperty("reason").GetString());
        Assert.Equal("media:maxPages", failed.GetProperty("setting").GetString());
    }

    [Fact]
    public async Task Search_DamagedCollection_IsNamedAndDoesNotHideTheOthers()
    {
        string folder = Directory.CreateDirectory(Path.Combine(fixture.Data, "broken")).FullName;
        File.Copy(Path.Combine(fixture.Data, "sample", "catalog.db"), Path.Combine(folder, "catalog.db"));
        using (FileStream catalog = File.OpenWrite(Path.Combine(folder, "catalog.db")))
        {
            catalog.Write(new byte[100]);
        }

        JsonElement found = await McpClient.GetAsync(fixture.Client, "search", new { query = "umbrella" });
        string alone = await McpClient.FailAsync(fixture.Client, "search", new { query = "umbrella", collection = "broken" });

        Directory.Delete(folder, recursive: true);
        Assert.Equal(UmbrellaId, found.GetProperty("results")[0].GetProperty("id").GetString());
        Assert.Contains(
            found.GetProperty("notices").EnumerateArray(),
            notice => notice.GetString()!.StartsWith("Collection 'broken' could not be searched", StringComparison.Ordinal));
        Assert.NotEmpty(alone);
    }
}
