using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Records of a class: stored, read, changed, removed, searched, in pages, above a score, in orders.</summary>
public sealed class BasicModelTests : StoreFixture
{
    private const int Count = 30;

    private readonly Hotel[] _hotels = Hotel.CreateMany(Count);

    [Fact]
    public async Task Get_StoredRecord_IsThatRecord()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);

        foreach (Hotel hotel in _hotels)
        {
            Hotel? found = await collection.GetAsync(hotel.Id, new RecordRetrievalOptions { IncludeVectors = true });

            Assert.NotNull(found);
            Assert.Equal(
                (hotel.Id, hotel.Name, hotel.Rooms, hotel.Stars, hotel.Rating, hotel.Price, hotel.IsOpen, hotel.Built, hotel.Seen),
                (found.Id, found.Name, found.Rooms, found.Stars, found.Rating, found.Price, found.IsOpen, found.Built, found.Seen));
            Assert.Equal(hotel.Tags, found.Tags);
            Assert.Equal(hotel.Floors, found.Floors);

            // Vectors compared by cosine keep their direction.
            Assert.Equal(1, Cosine(hotel.Vector!.Value.Span, found.Vector!.Value.Span), tolerance: 1e-6);
        }
    }

    [Fact]
    public async Task Get_WithoutVectors_LeavesThemOut()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);

        Assert.Null((await collection.GetAsync("h1"))!.Vector);
        Assert.Null(await collection.GetAsync("nobody"));
        Assert.Equal(["h3", "h1"], (await collection.GetAsync(["h3", "nobody", "h1"]).ToListAsync()).Select(hotel => hotel.Id));
    }

    [Fact]
    public async Task Upsert_SameKey_TakesThePlaceOfTheOldRecord()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);

        await collection.UpsertAsync(new Hotel { Id = "h1", Name = "changed", Vector = new float[] { 0, 1, 0 } });

        Hotel found = (await collection.GetAsync("h1", new RecordRetrievalOptions { IncludeVectors = true }))!;
        Assert.Equal("changed", found.Name);
        Assert.Equal([0, 1, 0], found.Vector!.Value.ToArray());
        Assert.Equal(Count, (await collection.GetAsync(hotel => true, 100).ToListAsync()).Count);
    }

    [Fact]
    public async Task Upsert_SameKeyTwiceAtOnce_KeepsTheLast()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels");

        await collection.UpsertAsync([new Hotel { Id = "a", Name = "first" }, new Hotel { Id = "b" }, new Hotel { Id = "a", Name = "last" }]);

        Assert.Equal("last", (await collection.GetAsync("a"))!.Name);
        Assert.Equal(2, (await collection.GetAsync(hotel => true, 10).ToListAsync()).Count);
    }

    [Fact]
    public async Task Delete_Keys_RemovesThemAndNothingElse()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);

        await collection.DeleteAsync("h1");
        await collection.DeleteAsync(["h2", "nobody"]);
        await collection.DeleteAsync([]);

        Assert.Equal(
            _hotels.Select(hotel => hotel.Id).Except(["h1", "h2"]).Order(StringComparer.Ordinal),
            (await collection.GetAsync(hotel => true, 100).ToListAsync()).Select(hotel => hotel.Id));
    }

    [Fact]
    public async Task Search_InPages_AboveAScore_IsTheSortedListCut()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);
        float[] query = [0.3f, 1, 0.1f];
        (string Id, double Score)[] all = [.. _hotels.Select(hotel => (hotel.Id, Score: Cosine(hotel.Vector!.Value.Span, query)))
            .OrderByDescending(pair => pair.Score)];
        double threshold = (all[9].Score + all[10].Score) / 2;

        List<VectorSearchResult<Hotel>> page = await collection.SearchAsync(
            query, 4, new VectorSearchOptions<Hotel> { Skip = 3, IncludeVectors = true }).ToListAsync();
        List<VectorSearchResult<Hotel>> above = await collection.SearchAsync(
            query, 100, new VectorSearchOptions<Hotel> { ScoreThreshold = threshold }).ToListAsync();

        Assert.Equal(all.Skip(3).Take(4).Select(pair => pair.Id), page.Select(result => result.Record.Id));
        Assert.All(all.Skip(3).Zip(page), pair => Assert.Equal(pair.First.Score, pair.Second.Score!.Value, tolerance: 1e-6));
        Assert.All(page, result => Assert.NotNull(result.Record.Vector));
        Assert.Equal(all.Take(10).Select(pair => pair.Id), above.Select(result => result.Record.Id));
        Assert.All(above, result => Assert.Null(result.Record.Vector));
    }

    [Fact]
    public async Task Get_Ordered_IsTheOrderOfLinqWithMissingValuesLast()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);

        List<Hotel> byOne = await collection.GetAsync(
            hotel => hotel.Price != null, 9,
            new FilteredRecordRetrievalOptions<Hotel> { OrderBy = by => by.Descending(hotel => hotel.Id), Skip = 2 }).ToListAsync();
        List<Hotel> byThree = await collection.GetAsync(
            hotel => true, 11,
            new FilteredRecordRetrievalOptions<Hotel>
            {
                OrderBy = by => by.Ascending(hotel => hotel.IsOpen).Descending(hotel => hotel.Price).Ascending(hotel => hotel.Id),
                Skip = 6,
            }).ToListAsync();

        Assert.Equal(
            _hotels.Where(hotel => hotel.Price is not null).OrderByDescending(hotel => hotel.Id, StringComparer.Ordinal).Skip(2).Take(9)
                .Select(hotel => hotel.Id),
            byOne.Select(hotel => hotel.Id));
        Assert.Equal(
            _hotels.OrderBy(hotel => hotel.IsOpen).ThenByDescending(hotel => hotel.Price).ThenBy(hotel => hotel.Id, StringComparer.Ordinal)
                .Skip(6).Take(11).Select(hotel => hotel.Id),
            byThree.Select(hotel => hotel.Id));
    }

    [Fact]
    public async Task Calls_Cancelled_StopAsSuch()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);
        CancellationToken stopped = new(canceled: true);
        Func<Task>[] calls =
        [
            () => collection.CollectionExistsAsync(stopped),
            () => collection.EnsureCollectionExistsAsync(stopped),
            () => collection.EnsureCollectionDeletedAsync(stopped),
            () => collection.GetAsync("h1", cancellationToken: stopped),
            () => collection.GetAsync(hotel => true, 1, cancellationToken: stopped).ToListAsync(stopped).AsTask(),
            () => collection.UpsertAsync(new Hotel { Id = "x" }, stopped),
            () => collection.DeleteAsync("h1", stopped),
            () => collection.SearchAsync(new float[3], 1, cancellationToken: stopped).ToListAsync(stopped).AsTask(),
            () => collection.HybridSearchAsync(new float[3], ["x"], 1, cancellationToken: stopped).ToListAsync(stopped).AsTask(),
            () => Store.CollectionExistsAsync("hotels", stopped),
            () => Store.EnsureCollectionDeletedAsync("hotels", stopped),
            () => Store.ListCollectionNamesAsync(stopped).ToListAsync(stopped).AsTask(),
        ];

        foreach (Func<Task> call in calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
        }

        Assert.NotNull(await collection.GetAsync("h1"));
    }

    [Fact]
    public async Task Calls_WithBadArguments_AreRefused()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await collection.SearchAsync(new float[3], 0).ToListAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await collection.GetAsync(hotel => true, 0).ToListAsync());
        await Assert.ThrowsAsync<ArgumentNullException>(() => collection.UpsertAsync((Hotel)null!));
        await Assert.ThrowsAsync<NotSupportedException>(async () => await collection.SearchAsync("a text", 1).ToListAsync());
        VectorStoreException length = await Assert.ThrowsAsync<VectorStoreException>(
            async () => await collection.SearchAsync(new float[5], 1).ToListAsync());
        Assert.IsType<DimensionMismatchException>(length.InnerException);
        Assert.Equal(("hotels", "Search"), (length.CollectionName, length.OperationName));
        await Assert.ThrowsAsync<VectorStoreException>(() => collection.UpsertAsync(new Hotel { Id = "x", Vector = new float[2] }));
        await Assert.ThrowsAsync<VectorStoreException>(() => collection.UpsertAsync(new Hotel { Id = "" }));
        Assert.Equal(Count, (await collection.GetAsync(hotel => true, 100).ToListAsync()).Count);
    }
}
