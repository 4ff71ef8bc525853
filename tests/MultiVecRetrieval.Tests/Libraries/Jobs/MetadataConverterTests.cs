using System.Text.Json;
using MultiVecRetrieval.Libraries.Jobs;

namespace MultiVecRetrieval.Tests.Libraries.Jobs;

/// <summary>Metadata in the request of a job, as it is written down and read after a restart.</summary>
public class MetadataConverterTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new MetadataConverter() } };

    [Fact]
    public void Write_EveryKind_IsThePlainJsonOfIt()
    {
        Dictionary<string, MetadataValue> metadata = new()
        {
            ["text"] = "a \"b\" \u00FC",
            ["number"] = -0.1,
            ["whole"] = 3,
            ["yes"] = true,
            ["no"] = false,
            ["list"] = MetadataValue.List(["a", 1, false]),
        };

        using JsonDocument written = JsonDocument.Parse(JsonSerializer.Serialize(metadata, Json));

        JsonElement root = written.RootElement;
        Assert.Equal("a \"b\" \u00FC", root.GetProperty("text").GetString());
        Assert.Equal((-0.1, 3), (root.GetProperty("number").GetDouble(), root.GetProperty("whole").GetInt32()));
        Assert.Equal((true, false), (root.GetProperty("yes").GetBoolean(), root.GetProperty("no").GetBoolean()));
        Assert.Equal("""["a",1,false]""", root.GetProperty("list").GetRawText());
    }

    [Theory]
    [InlineData("\"2024\"")]
    [InlineData("\"\"")]
    [InlineData("0.30000000000000004")]
    [InlineData("1E+300")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("[\"a\",2,true]")]
    [InlineData("[]")]
    public void Read_WhatWasWritten_IsTheSame(string json)
    {
        MetadataValue value = JsonSerializer.Deserialize<MetadataValue>(json, Json);

        Assert.Equal(json, JsonSerializer.Serialize(value, Json));
        Assert.Equal(value, JsonSerializer.Deserialize<MetadataValue>(JsonSerializer.Serialize(value, Json), Json));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("[[1]]")]
    public void Read_WhatIsNoMetadata_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<MetadataValue>(json, Json));
}
