using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Keys of each type.</summary>
public sealed class KeyTypeTests : StoreFixture
{
    private sealed class Keyed<TKey>
    {
        [VectorStoreKey]
        public TKey Id { get; set; } = default!;

        [VectorStoreData]
        public string? Text { get; set; }
    }

    [Fact]
    public Task String() => CheckAsync("a/b #1", "é");

    [Fact]
    public Task Guids() => CheckAsync(new Guid("8c1b0a3e-0000-4000-8000-000000000001"), new Guid("8c1b0a3e-0000-4000-8000-000000000002"));

    [Fact]
    public Task Int() => CheckAsync(-5, int.MaxValue);

    [Fact]
    public Task Long() => CheckAsync(long.MinValue, long.MaxValue);

    [Fact]
    public Task ULong() => CheckAsync(0UL, ulong.MaxValue);

    [Fact]
    public async Task Guid_NotGiven_IsMade()
    {
        Keyed<Guid> record = new() { Text = "x" };
        MultiVecCollection<Guid, Keyed<Guid>> collection = await CreateAsync<Guid, Keyed<Guid>>("c", record);

        Assert.NotEqual(Guid.Empty, record.Id);
        Assert.Equal("x", (await collection.GetAsync(record.Id))!.Text);
    }

    [Fact]
    public async Task Order_OfNumericKeys_IsThatOfNumbers()
    {
        MultiVecCollection<int, Keyed<int>> collection = await CreateAsync<int, Keyed<int>>(
            "c", [.. new[] { 2, 10, -1 }.Select(id => new Keyed<int> { Id = id })]);

        Assert.Equal(
            [-1, 2, 10],
            (await collection.GetAsync(
                record => record.Id < 50, 9, new() { OrderBy = by => by.Ascending(record => record.Id) }).ToListAsync())
                .Select(record => record.Id));
    }

    [Fact]
    public void OtherTypes_AreNamed() =>
        Assert.Contains("Double", Assert.Throws<NotSupportedException>(() => Store.GetCollection<double, Keyed<double>>("c")).Message, StringComparison.Ordinal);

    private async Task CheckAsync<TKey>(TKey one, TKey other)
        where TKey : notnull
    {
        MultiVecCollection<TKey, Keyed<TKey>> collection =
            await CreateAsync<TKey, Keyed<TKey>>("c", new() { Id = one, Text = "one" }, new() { Id = other, Text = "other" });
        TKey[] keys = [other];

        Assert.Equal((one, "one"), ((await collection.GetAsync(one))!.Id, (await collection.GetAsync(one))!.Text));
        Assert.Equal("other", Assert.Single(await collection.GetAsync(record => keys.Contains(record.Id), 5).ToListAsync()).Text);
        Assert.Equal("one", Assert.Single(await collection.GetAsync(record => record.Id.Equals(one), 5).ToListAsync()).Text);
        await collection.DeleteAsync(one);
        Assert.Null(await collection.GetAsync(one));
        Assert.NotNull(await collection.GetAsync(other));
    }
}
