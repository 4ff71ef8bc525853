using System.Linq.Expressions;
using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>A value of each type comes back as it was, and is found by what it equals and by nothing else.</summary>
public sealed class DataTypeTests : StoreFixture
{
    private static readonly object[][] Values =
    [
        [true, false],
        [(byte)200, (byte)0],
        [(sbyte)-5, (sbyte)7],
        [(short)-30000, (short)1],
        [(ushort)60000, (ushort)1],
        [-2_000_000_000, 5],
        [4_000_000_000u, 5u],
        [(1L << 53) - 1, -5L],
        [(1UL << 53) - 1, 5UL],
        [0.1f, float.MaxValue],
        [0.1, double.Epsilon],
        [0.1m, -12345.6789m],
        ["text", "Text"],
        [new Guid("8c1b0a3e-0000-4000-8000-000000000001"), Guid.Empty],
        [new DateTime(2024, 2, 29, 23, 59, 59, DateTimeKind.Utc).AddTicks(1), new DateTime(2024, 2, 29, 23, 59, 59, DateTimeKind.Utc)],
        [new DateTimeOffset(2024, 2, 29, 23, 0, 0, TimeSpan.FromHours(5)), new DateTimeOffset(2024, 2, 29, 23, 0, 0, TimeSpan.Zero)],
        [new DateOnly(2024, 2, 29), new DateOnly(2024, 3, 1)],
        [new TimeOnly(23, 59, 59, 999), new TimeOnly(0, 0)],
    ];

    public static TheoryData<int> Types => [.. Enumerable.Range(0, 18)];

    [Theory]
    [MemberData(nameof(Types))]
    public Task Value_OfAType_ComesBackAndIsFound(int index) => (Task)typeof(DataTypeTests)
        .GetMethod(nameof(CheckAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!
        .MakeGenericMethod(Values[index][0].GetType()).Invoke(this, Values[index])!;

    [Fact]
    public async Task Integers_TooLargeForFilters_ComeBackAndAreRefusedInConditions()
    {
        MultiVecDynamicCollection collection = await CreateAsync(typeof(long), long.MaxValue);

        Assert.Equal(long.MaxValue, (await collection.GetAsync("0"))!["Value"]);
        await Assert.ThrowsAsync<NotSupportedException>(
            async () => await collection.GetAsync(record => (long)record["Value"]! == long.MaxValue, 1).ToListAsync());
    }

    [Fact]
    public void Types_ThatCannotBeStored_AreNamed()
    {
        Type[] types = [typeof(byte[]), typeof(object), typeof(Dictionary<string, string>), typeof(List<List<int>>), typeof(Uri)];
        foreach (Type type in types)
        {
            Assert.Contains("Value", Assert.Throws<NotSupportedException>(() => Define(type)).Message, StringComparison.Ordinal);
        }
    }

    private async Task CheckAsync<T>(T value, T other)
        where T : notnull
    {
        MultiVecDynamicCollection collection = await CreateAsync(typeof(T), value, other);
        ParameterExpression record = Expression.Parameter(typeof(Dictionary<string, object?>), "r");
        Expression read = Expression.Convert(Expression.Call(record, "get_Item", null, Expression.Constant("Value")), typeof(T));
        Task<List<Dictionary<string, object?>>> FindAsync(Expression condition) => collection.GetAsync(
            Expression.Lambda<Func<Dictionary<string, object?>, bool>>(condition, record), 10).ToListAsync().AsTask();

        Assert.Equal(value, (T)(await collection.GetAsync("0"))!["Value"]!);
        Assert.Equal(other, (T)(await collection.GetAsync("1"))!["Value"]!);
        Assert.Equal("0", Assert.Single(await FindAsync(Expression.Equal(read, Expression.Constant(value))))["Id"]);
        Assert.Equal("1", Assert.Single(await FindAsync(Expression.NotEqual(read, Expression.Constant(value))))["Id"]);
        if (typeof(T) == typeof(byte))
        {
            // Bytes in a list are a blob, which is no data property.
            return;
        }

        T[][] lists = [[value, other], []];
        MultiVecDynamicCollection ofLists = await CreateAsync(typeof(T[]), lists);
        Assert.Equal(lists[0], (T[])(await ofLists.GetAsync("0"))!["Value"]!);
        Assert.Equal([], (T[])(await ofLists.GetAsync("1"))!["Value"]!);
    }

    private async Task<MultiVecDynamicCollection> CreateAsync(Type type, params object[] values)
    {
        MultiVecDynamicCollection collection = Define(type);
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync(values.Select((value, id) => new Dictionary<string, object?> { ["Id"] = $"{id}", ["Value"] = value }));
        return collection;
    }

    private MultiVecDynamicCollection Define(Type type) => Store.GetDynamicCollection(
        "c" + Math.Abs(type.FullName!.GetHashCode(StringComparison.Ordinal)), Definition(type));

    private static VectorStoreCollectionDefinition Definition(Type type) => new()
    {
        Properties = [new VectorStoreKeyProperty("Id", typeof(string)), new VectorStoreDataProperty("Value", type)],
    };
}
