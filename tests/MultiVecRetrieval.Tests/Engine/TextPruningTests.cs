namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Full text ranks what can come near the best alone; the hits are those of ranking every entry.</summary>
public sealed class TextPruningTests : IDisposable
{
    private const int EntryCount = 600;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Search_FewHits_AreTheFirstOfAll(int seed)
    {
        Random random = new(seed);
        using Collection collection = Collection.Create(_folder, new CollectionOptions());
        Samples.AddDocument(collection, "book", [.. Enumerable.Range(1, EntryCount)
            .Select(page => Samples.Content($"book#page={page:000}", text: MakeText(random), page: page))]);
        int pruned = 0;
        for (int round = 0; round < 60; round++)
        {
            string query = MakeQuery(random);
            SearchRequest request = new() { Text = query, Top = 1 + random.Next(20), Filter = MakeFilter(random) };
            SearchResult all = collection.Search(request with { Top = EntryCount });
            SearchResult few = collection.Search(request);

            Assert.True(
                all.Hits.Take(request.Top).Select(hit => (hit.Entry.Key, hit.Score)).SequenceEqual(
                    few.Hits.Select(hit => (hit.Entry.Key, hit.Score))),
                query);
            Assert.Equal(all.Hits.Count > request.Top, few.HasMore);
            pruned += all.Hits.Count > 200 ? 1 : 0;
        }

        Assert.InRange(pruned, 10, 60);
    }

    public void Dispose() => _folder.Dispose();

    // Some words are on most pages, others on few; pages are of very different length.
    private static string MakeText(Random random) =>
        string.Join(' ', Enumerable.Range(0, 2 + random.Next(random.Next(2) == 0 ? 10 : 80)).Select(_ => MakeWord(random)));

    private static string MakeWord(Random random) =>
        $"wort{(char)('a' + (int)(26 * Math.Pow(random.NextDouble(), 3)))}{(random.Next(4) == 0 ? "s" : "")}";

    private static string MakeQuery(Random random) => string.Join(
        ' ', Enumerable.Range(0, 1 + random.Next(7)).Select(_ => MakeClause(random)).Append(MakeWord(random)));

    private static string MakeClause(Random random) => random.Next(9) switch
    {
        0 => $"\"{MakeWord(random)} {MakeWord(random)}\"",
        1 => "wort*",
        2 => $"-{MakeWord(random)}",
        3 => "missing",
        _ => MakeWord(random),
    };

    private static Filter? MakeFilter(Random random) =>
        random.Next(3) == 0 ? Filter.Parse($"page > {random.Next(EntryCount / 2)}") : null;
}
