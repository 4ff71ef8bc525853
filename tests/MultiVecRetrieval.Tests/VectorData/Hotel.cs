using Microsoft.Extensions.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>A record with a value of each kind that filters compare.</summary>
internal sealed class Hotel
{
    [VectorStoreKey]
    public string Id { get; set; } = "";

    [VectorStoreData(StorageName = "hotel_name", IsFullTextIndexed = true)]
    public string? Name { get; set; }

    [VectorStoreData]
    public int Rooms { get; set; }

    [VectorStoreData]
    public byte Stars { get; set; }

    [VectorStoreData]
    public float Rating { get; set; }

    [VectorStoreData]
    public double? Price { get; set; }

    [VectorStoreData]
    public bool IsOpen { get; set; }

    [VectorStoreData]
    public DateTime Built { get; set; }

    [VectorStoreData]
    public DateTimeOffset? Seen { get; set; }

    [VectorStoreData]
    public string[]? Tags { get; set; }

    [VectorStoreData]
    public List<int> Floors { get; set; } = [];

    [VectorStoreVector(3)]
    public ReadOnlyMemory<float>? Vector { get; set; }

    /// <summary>Hotels of every combination that matters: nulls, empty lists, equal values, two kinds of times.</summary>
    public static Hotel[] CreateMany(int count)
    {
        Random random = new(11);
        string[] tags = ["pool", "bar", "sea", "Pool"];
        return [.. Enumerable.Range(0, count).Select(i => new Hotel
        {
            Id = $"h{i}",
            Name = (i % 5) switch { 0 => null, 1 => "", _ => $"Hotel [{i}] {(i % 2 == 0 ? "Alpha" : "beta")}" },
            Rooms = (i % 7) - 3,
            Stars = (byte)(i % 6),
            Rating = (i % 10) / 10f,
            Price = i % 4 == 0 ? null : i % 9 * 0.1,
            IsOpen = i % 3 == 0,
            Built = new DateTime(2000 + (i % 5), 1, 1, 0, 0, 0, i % 2 == 0 ? DateTimeKind.Utc : DateTimeKind.Unspecified).AddTicks(i % 3),
            Seen = i % 3 == 1 ? null : new DateTimeOffset(2024, 5, 31, 10 + (i % 2), 0, 0, TimeSpan.FromHours(i % 2)),
            Tags = (i % 4) switch { 0 => null, 1 => [], _ => [tags[i % 4], tags[i / 4 % 4]] },
            Floors = [.. Enumerable.Range(0, i % 4).Select(_ => random.Next(6))],
            Vector = RandomRow(random),
        })];
    }

    private static float[] RandomRow(Random random) =>
        [(float)random.NextDouble(), (float)random.NextDouble() - 0.5f, (float)random.NextDouble() + 0.01f];
}
