using System.Linq.Expressions;
using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>A filter finds what LINQ finds over the same objects, or is refused by name.</summary>
public sealed class FilterTests : StoreFixture
{
    private const int Count = 60;

    private static readonly int[] Chosen = [1, 2, 5];
    private static readonly string?[] NamesAndNull = ["", null, "Hotel [2] Alpha"];
    private static readonly HashSet<string> Keys = ["h1", "h3", "nobody"];
    private static readonly DateTime Moment = new(2002, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly long Huge = long.MaxValue;
    private static readonly Hotel Template = new() { Rooms = 2 };

    private readonly Hotel[] _hotels = Hotel.CreateMany(Count);

    private static double? Nothing => null;

    private static readonly Expression<Func<Hotel, bool>>[] Conditions =
    [
        r => r.Rooms == 2,
        r => r.Rooms != 2,
        r => r.Rooms < 0,
        r => r.Rooms <= 0,
        r => r.Rooms > 1,
        r => 1 >= r.Rooms,
        r => 2 < r.Rooms,
        r => r.Stars == 3,
        r => r.Stars >= 4 && r.Rooms != 0,
        r => r.Rating == 0.3f,
        r => r.Rating > 0.3,
        r => r.Rating <= 0.3,
        r => r.Price == null,
        r => r.Price != null,
        r => r.Price.HasValue && r.Price.Value > 0.2,
        r => r.Price == 0.1 * 3,
        r => r.Price != 0.5,
        r => !(r.Price < 0.5),
        r => r.Price < Nothing,
        r => r.Price == Nothing,
        r => r.IsOpen,
        r => !r.IsOpen,
        r => r.IsOpen == false,
        r => r.IsOpen && (r.Rooms == 1 || r.Rooms == 2),
        r => !(r.IsOpen || r.Stars < 2),
        r => r.Name == null,
        r => r.Name != null,
        r => r.Name == "",
        r => r.Name != "Hotel [2] Alpha",
        r => string.IsNullOrEmpty(r.Name),
        r => r.Name != null && r.Name.Contains("Alpha"),
        r => r.Name != null && r.Name.Contains("alpha"),
        r => r.Name != null && r.Name.Contains("[1"),
        r => r.Name != null && r.Name.StartsWith("Hotel [1", StringComparison.Ordinal),
        r => r.Name != null && r.Name.EndsWith('a'),
        r => r.Name != null && r.Name.Equals("Hotel [2] Alpha"),
        r => r.Built == Moment,
        r => r.Built > Moment,
        r => r.Built <= Moment.AddTicks(1),
        r => r.Built < new DateTime(2003, 1, 1),
        r => r.Seen == new DateTimeOffset(2024, 5, 31, 12, 0, 0, TimeSpan.FromHours(2)),
        r => r.Seen > new DateTimeOffset(2024, 5, 31, 9, 59, 59, TimeSpan.Zero),
        r => r.Seen == null,
        r => r.Tags == null,
        r => r.Tags != null,
        r => r.Tags != null && r.Tags.Contains("pool"),
        r => r.Tags != null && !r.Tags.Contains("bar"),
        r => r.Tags != null && r.Tags.Any(),
        r => r.Tags != null && r.Tags.Any(tag => tag == "sea"),
        r => r.Tags != null && r.Tags.Any(tag => tag == "sea" || tag == "bar"),
        r => r.Tags != null && r.Tags.Any(tag => NamesAndTags.Contains(tag)),
        r => r.Floors.Contains(3),
        r => r.Floors.Any(floor => floor >= 4),
        r => r.Floors.Any(floor => Chosen.Contains(floor)),
        r => Chosen.Contains(r.Rooms),
        r => !Chosen.Contains(r.Rooms),
        r => NamesAndNull.Contains(r.Name),
        r => Keys.Contains(r.Id),
        r => new List<string> { "h4", "h5" }.Contains(r.Id),
        r => new[] { 1, -1 }.Contains(r.Rooms),
        r => Array.Empty<int>().Contains(r.Rooms),
        r => r.Id == "h7",
        r => r.Id != "h7",
        r => r.Rooms == Template.Rooms,
        r => true,
        r => false,
        r => true && r.Rooms == 1,
    ];

    private static readonly string[] NamesAndTags = ["pool", "Pool"];

    private static readonly Expression<Func<Hotel, bool>>[] Unsupported =
    [
        r => r.Rooms == r.Stars,
        r => r.Rooms + 1 == 2,
        r => r.Name!.Length == 3,
        r => r.Name!.Trim() == "X",
        r => r.Name!.Contains("a*b"),
        r => r.Name!.Contains("alpha", StringComparison.OrdinalIgnoreCase),
        r => r.Tags!.Any(tag => tag != "sea"),
        r => r.Floors.Any(floor => floor > 1 && floor < 3),
        r => r.Floors.Any(floor => floor == r.Rooms),
        r => r.Floors.All(floor => floor == 1),
        r => r.Floors.Count == 2,
        r => (int)r.Rating == 0,
        r => r.Vector == null,
        r => r.Rooms == Huge,
    ];

    public static TheoryData<int> EveryUnsupported => [.. Enumerable.Range(0, Unsupported.Length)];

    [Fact]
    public async Task Get_EveryCondition_IsThatOfLinq()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);
        List<string> wrong = [];

        foreach (Expression<Func<Hotel, bool>> condition in Conditions)
        {
            string[] found = [.. (await collection.GetAsync(condition, Count).ToListAsync())
                .Select(hotel => hotel.Id).Order(StringComparer.Ordinal)];
            string[] expected = [.. _hotels.Where(condition.Compile()).Select(hotel => hotel.Id).Order(StringComparer.Ordinal)];
            if (!found.SequenceEqual(expected))
            {
                wrong.Add($"{condition}: {string.Join(' ', found)}; expected {string.Join(' ', expected)}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Search_WithConditions_FindsTheNearestOfThoseThatMeetThem()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);
        float[] query = [1, 0.2f, -0.3f];

        foreach (Expression<Func<Hotel, bool>> condition in Conditions)
        {
            List<VectorSearchResult<Hotel>> found =
                await collection.SearchAsync(query, 7, new VectorSearchOptions<Hotel> { Filter = condition }).ToListAsync();

            Assert.Equal(
                _hotels.Where(condition.Compile()).OrderByDescending(hotel => Cosine(hotel.Vector!.Value.Span, query)).Take(7)
                    .Select(hotel => hotel.Id),
                found.Select(result => result.Record.Id));
        }
    }

    [Theory]
    [MemberData(nameof(EveryUnsupported))]
    public async Task Get_ConditionWithoutCounterpart_IsRefusedByName(int index)
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);

        NotSupportedException error = await Assert.ThrowsAsync<NotSupportedException>(
            async () => await collection.GetAsync(Unsupported[index], 1).ToListAsync());

        Assert.Contains("filter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_RandomConditions_AreThoseOfLinq()
    {
        MultiVecCollection<string, Hotel> collection = await CreateAsync<string, Hotel>("hotels", _hotels);
        Random random = new(3);
        ParameterExpression record = Expression.Parameter(typeof(Hotel), "r");

        for (int round = 0; round < 60; round++)
        {
            Expression<Func<Hotel, bool>> condition = Expression.Lambda<Func<Hotel, bool>>(Join(random, record, depth: 3), record);

            Assert.Equal(
                _hotels.Where(condition.Compile()).Select(hotel => hotel.Id).Order(StringComparer.Ordinal),
                (await collection.GetAsync(condition, Count).ToListAsync()).Select(hotel => hotel.Id).Order(StringComparer.Ordinal));
        }
    }

    private static Expression Join(Random random, ParameterExpression record, int depth)
    {
        if (depth == 0)
        {
            LambdaExpression leaf = random.Next(4) switch
            {
                0 => (Expression<Func<Hotel, bool>>)(r => r.IsOpen),
                1 => (Expression<Func<Hotel, bool>>)(r => r.Price < 0.4),
                2 => (Expression<Func<Hotel, bool>>)(r => r.Rooms != 1),
                _ => (Expression<Func<Hotel, bool>>)(r => r.Name == null),
            };
            return new Renaming(leaf.Parameters[0], record).Visit(leaf.Body);
        }

        Expression left = Join(random, record, depth - 1);
        return random.Next(3) switch
        {
            0 => Expression.Not(left),
            1 => Expression.AndAlso(left, Join(random, record, depth - 1)),
            _ => Expression.OrElse(left, Join(random, record, depth - 1)),
        };
    }

    private sealed class Renaming(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
