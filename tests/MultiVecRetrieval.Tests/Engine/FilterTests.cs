namespace MultiVecRetrieval.Tests.Engine;

public class FilterTests
{
    private static readonly string[] Words = ["de", "en", "a/b.pdf", "x y", "\"q\"", "back\\slash", "[a-z]", "", "true", "7", "Ä"];

    [Theory]
    [InlineData("type = page and (page >= 3 or path like \"a/*\") and not meta.lang = \"de\"",
        "(type = \"page\" and (page >= 3 or path like \"a/*\") and not meta.lang = \"de\")")]
    [InlineData("a = 1", null)]
    [InlineData("  meta.x=1  ", "meta.x = 1")]
    [InlineData("meta.x = true", "meta.x = true")]
    [InlineData("meta.'a b' = \"1\"", "meta.\"a b\" = \"1\"")]
    [InlineData("date >= 2024-05-31", "date >= \"2024-05-31\"")]
    [InlineData("date = 2024", "date = 2024")]
    [InlineData("type = image or type = video and page = 1", "(type = \"image\" or (type = \"video\" and page = 1))")]
    [InlineData("NOT NOT type != image", "not not type != \"image\"")]
    [InlineData("page in (1, 3) and type not in (image,video)", "(page in (1, 3) and not type in (\"image\", \"video\"))")]
    [InlineData("meta.x exists or not taken exists", "(meta.x exists or not taken exists)")]
    [InlineData("path contains Invoice", "path contains \"Invoice\"")]
    [InlineData("taken >= today-30d", "taken >= \"today-30d\"")]
    [InlineData("near(47.4, -8.5, 10)", "near(47.4, -8.5, 10)")]
    [InlineData("not near( meta.'the place' , 47.4, 8.5, 10 )", "not near(meta.\"the place\", 47.4, 8.5, 10)")]
    [InlineData("within(-10, 170, 10, -170)", "within(-10, 170, 10, -170)")]
    public void Parse_Expression_IsReadAsExpected(string expression, string? expected)
    {
        if (expected is null)
        {
            Assert.Throws<FilterSyntaxException>(() => Filter.Parse(expression));
        }
        else
        {
            Assert.Equal(expected, Filter.Parse(expression).ToString());
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("page", 4)]
    [InlineData("page = ", 7)]
    [InlineData("page = x", 7)]
    [InlineData("page ~ 3", 5)]
    [InlineData("colour = red", 0)]
    [InlineData("(page = 3", 9)]
    [InlineData("page = 3)", 8)]
    [InlineData("page = 3 page = 4", 9)]
    [InlineData("path = \"a", 7)]
    [InlineData("date = 2024-13-01", 7)]
    [InlineData("type < page", 5)]
    [InlineData("type = pdf", 7)]
    [InlineData("meta.x like 3", 12)]
    [InlineData("not", 3)]
    [InlineData("page = 1 and", 12)]
    [InlineData("page in", 7)]
    [InlineData("page in (", 9)]
    [InlineData("page in (x)", 9)]
    [InlineData("page in (1", 10)]
    [InlineData("page not like 1", 9)]
    [InlineData("page contains x", 14)]
    [InlineData("taken contains x", 6)]
    [InlineData("date > tomorrow", 7)]
    [InlineData("date > now-5q", 7)]
    [InlineData("near(91, 0, 1)", 0)]
    [InlineData("near(0, 0, -1)", 0)]
    [InlineData("near(0, 0)", 9)]
    [InlineData("near(meta.p 0, 0, 1)", 5)]
    [InlineData("within(2, 0, 1, 0)", 0)]
    public void Parse_Mistake_NamesThePosition(string expression, int position)
    {
        FilterSyntaxException exception = Assert.Throws<FilterSyntaxException>(() => Filter.Parse(expression));

        Assert.Equal(position, exception.Position);
        Assert.NotEmpty(exception.Expected);
    }

    [Fact]
    public void Parse_RandomCharacters_GivesAFilterOrASyntaxError()
    {
        Random random = new(Seed: 3);
        string[] pieces =
            ["type", "page", "=", "!=", "<", ">=", "like", "and", "or", "not", "(", ")", "\"", "'", "\\", " ", "3", "meta.", "x",
            "2024-01-01", "\0", "ä", "image", "in", "in (3, x)", "exists", "contains", ",", "near(", "within(1, 2, 3, 4)", "now-3d"];
        for (int i = 0; i < 5000; i++)
        {
            string expression =
                string.Concat(Enumerable.Range(0, random.Next(12))
                .Select(_ => pieces[random.Next(pieces.Length)] + (random.Next(2) == 0 ? " " : "")));
            try
            {
                Filter filter = Filter.Parse(expression);
                Assert.Equal(filter.ToString(), Filter.Parse(filter.ToString()).ToString());
            }
            catch (FilterSyntaxException exception)
            {
                Assert.InRange(exception.Position, 0, expression.Length);
            }
        }
    }

    [Fact]
    public void Parse_DeepNesting_IsRefusedAndNotACrash()
    {
        Assert.Throws<FilterSyntaxException>(() => Filter.Parse(new string('(', 100_000)));
        Assert.Throws<FilterSyntaxException>(() => Filter.Parse(string.Concat(Enumerable.Repeat("not ", 100_000))));
    }

    [Fact]
    public void Search_FilterOfManyParts_IsCompiledOrRefusedByName()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        Samples.AddDocument(collection, "d", Samples.Content("e", page: 7));
        Filter Pages(int count) => Filter.Or([.. Enumerable.Range(1, count).Select(page => Filter.Equal("page", page))]);

        Assert.Single(collection.Entries.List(filter: Pages(1900)));
        Assert.Throws<SearchOptionException>(() => collection.Entries.List(filter: Pages(5000)));
        Assert.Throws<SearchOptionException>(
            () => collection.Entries.List(filter: Filter.Or([.. Enumerable.Repeat(Filter.Exists("meta.x"), 40_000)])));
        Assert.Equal("filter", Assert.Throws<SearchOptionException>(
            () => collection.Entries.List(filter: Filter.Equal("colour", "red"))).Parameter);
        Assert.Empty(collection.Entries.List(filter: Filter.Or()));
        Assert.Single(collection.Entries.List(filter: Filter.And()));
    }

    [Theory] // Zürich composed (U+00FC) and decomposed (u, U+0308), as names come from one system and are typed on another.
    [InlineData("path like 'Z\u00FCrich/*'", "composed", "decomposed")]
    [InlineData("path like 'Zu\u0308rich/*'", "composed", "decomposed")]
    [InlineData("path like 'Z?rich/*'", "composed", "decomposed", "plain")]
    [InlineData("document = 'Z\u00FCrich/decomposed.pdf'", "decomposed")]
    [InlineData("document != 'Zu\u0308rich/composed.pdf'", "decomposed", "plain")]
    [InlineData("document = 'Zurich/plain.pdf'", "plain")]
    [InlineData("document in ('Z\u00FCrich/decomposed.pdf', 'Zurich/plain.pdf')", "decomposed", "plain")]
    [InlineData("path not in ('Zu\u0308rich/composed.pdf')", "decomposed", "plain")]
    [InlineData("meta.city = 'Z\u00FCrich'", "composed", "decomposed")]
    [InlineData("meta.city < 'Zv'", "plain")]
    public void ListEntries_ComposedAndDecomposedText_IsTheSame(string filter, params string[] expected)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        foreach ((string name, string city) in new[] { ("composed", "Z\u00FCrich"), ("decomposed", "Zu\u0308rich"), ("plain", "Zurich") })
        {
            using CollectionWriter writer = collection.BeginWrite();
            writer.BeginDocument(Samples.Document($"{city}/{name}.pdf", MediaType.Page, ("city", city)));
            writer.Add(new EntryContent { Entry = Samples.Entry(name, page: 1, MediaType.Page) });
            writer.Commit();
        }

        Assert.Equal(
            expected,
            collection.Entries.List(filter: Filter.Parse(filter.Replace('\'', '"'))).Select(entry => entry.Key)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Find_KeyInAnotherUnicodeForm_IsFoundUnlessThereIsOneOfExactlyThatKey()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        Samples.AddDocument(collection, "caf\u00E9", Samples.Content("caf\u00E9#1"));
        Samples.AddDocument(collection, "twin\u00E9", Samples.Content("twin\u00E9#1"));
        Samples.AddDocument(collection, "twine\u0301", Samples.Content("twine\u0301#1"));

        Assert.Equal("caf\u00E9", collection.Documents.Find("cafe\u0301")!.Key);
        Assert.Equal("caf\u00E9#1", collection.Entries.Find("cafe\u0301#1")!.Key);
        Assert.Equal("twine\u0301", collection.Documents.Find("twine\u0301")!.Key);
        Assert.Equal("twin\u00E9", collection.Documents.Find("twin\u00E9")!.Key);
        Assert.Null(collection.Documents.Get("cafe\u0301"));
        Assert.Null(collection.Documents.Find("cafe"));
    }

    [Fact]
    public void ListEntries_RandomFilters_EqualTheDefinition()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, new CollectionOptions());
        Random random = new(Seed: 4);
        List<(Document Document, Entry Entry)> all = [];
        using (CollectionWriter writer = collection.BeginWrite())
        {
            for (int i = 0; i < 40; i++)
            {
                MediaType type = (MediaType)random.Next(1, 4);
                (string, MetadataValue)[] fields =
                    [.. new[] { "a", "b c" }.Where(_ => random.Next(3) > 0).Select(name => (name, random.Next(3) > 0
                        ? RandomValue(random)
                        : MetadataValue.List(Enumerable.Range(0, random.Next(4)).Select(_ => RandomValue(random)))))];
                Document document = Samples.Document($"{"ab"[random.Next(2)]}/{i}{Words[random.Next(Words.Length)]}", type, fields)
                    with
                { ModifiedAt = new DateTimeOffset(2024, random.Next(1, 4), random.Next(1, 4), random.Next(24), 0, 0, TimeSpan.Zero) };
                Entry entry = Samples.Entry($"e{i}", type == MediaType.Page ? random.Next(1, 5) : null, type);
                writer.BeginDocument(document);
                writer.Add(new EntryContent { Entry = entry });
                all.Add((document, entry));
            }

            writer.Commit();
        }

        for (int i = 0; i < 400; i++)
        {
            Filter filter = Filter.Parse(RandomFilter(random, 3).ToString());
            string[] expected =
                [.. all.Where(pair => Meets(filter, pair.Document, pair.Entry)).OrderBy(pair => pair.Document.Key, StringComparer.Ordinal)
                .Select(pair => pair.Entry.Key)];

            Assert.True(expected.SequenceEqual(collection.Entries.List(filter: filter, limit: 1000).Select(entry => entry.Key)),
                filter.ToString());
        }
    }

    private static MetadataValue RandomValue(Random random) => random.Next(4) switch
    {
        0 => random.Next(2) == 0,
        1 => random.Next(-2, 9) / 2.0,
        _ => Words[random.Next(Words.Length)],
    };

    private static Filter RandomFilter(Random random, int depth)
    {
        switch (depth == 0 ? 3 : random.Next(5))
        {
            case 0:
                return Filter.And([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomFilter(random, depth - 1))]);
            case 1:
                return Filter.Or([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomFilter(random, depth - 1))]);
            case 2:
                return Filter.Not(RandomFilter(random, depth - 1));
        }

        Comparison comparison = (Comparison)random.Next(6);
        switch (random.Next(9))
        {
            case 6:
                return Filter.In("meta.a", [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomValue(random))]);
            case 7:
                return Filter.Exists(new[] { "meta.a", "meta.b c", "page" }[random.Next(3)]);
            case 8:
                return new ComparisonFilter(random.Next(2) == 0 ? "path" : "meta.a", Comparison.Contains,
                    new[] { "A", "EN", "z]", "ä", "", "b/" }[random.Next(6)]);
            case 0:
                return new ComparisonFilter("type", (Comparison)random.Next(2), new[] { "image", "page", "video" }[random.Next(3)]);
            case 1:
                return new ComparisonFilter("page", comparison, random.Next(0, 6));
            case 2:
                return new ComparisonFilter("date", comparison,
                    new[] { "2024", "2024-02", "2024-02-02", "2024-02-02T05:00", "2024-03-01T00:00:00Z" }[random.Next(5)]);
            case 3:
                return new ComparisonFilter("path", Comparison.Like,
                    new[] { "a/*", "*pdf", "?/1*", "*[a-z]*", "b/2?", "*" }[random.Next(6)]);
            default:
                string field = random.Next(2) == 0 ? "meta.a" : "meta.b c";
                return random.Next(5) == 0
                    ? new ComparisonFilter(field, Comparison.Like, new[] { "d*", "?", "*[a-z]*", "" }[random.Next(4)])
                    : new ComparisonFilter(field, comparison, RandomValue(random));
        }
    }

    private static bool Meets(Filter filter, Document document, Entry entry) => filter switch
    {
        AndFilter and => and.Parts.All(part => Meets(part, document, entry)),
        OrFilter or => or.Parts.Any(part => Meets(part, document, entry)),
        NotFilter not => !Meets(not.Part, document, entry),
        InFilter list => list.Values.Any(value => Meets(Filter.Equal(list.Field, value), document, entry)),
        ExistsFilter { Field: "page" } => entry.Page is not null,
        ExistsFilter exists => document.Metadata.TryGetValue(exists.Field["meta.".Length..], out MetadataValue value)
            && value.Elements.Count > 0,
        ComparisonFilter { Comparison: Comparison.NotEqual } c => !Meets(c with { Comparison = Comparison.Equal }, document, entry),
        ComparisonFilter { Field: "type" } c
            => string.Equals((string)c.Value.Value, entry.MediaType.ToString(), StringComparison.OrdinalIgnoreCase),
        ComparisonFilter { Field: "page" } c
            => entry.Page is { } page && Holds(c.Comparison, ((double)page).CompareTo((double)c.Value.Value)),
        ComparisonFilter { Field: "date" } c => MeetsDate(c, document.ModifiedAt.UtcDateTime),
        ComparisonFilter { Field: "path" } c => MeetsValue(c, document.Key),
        ComparisonFilter c => document.Metadata.TryGetValue(c.Field["meta.".Length..], out MetadataValue value)
            && value.Elements.Any(element => MeetsValue(c, element.Value)),
        _ => throw new InvalidOperationException(),
    };

    private static bool MeetsDate(ComparisonFilter filter, DateTime time)
    {
        string text = filter.Value.Value is double year
            ? year.ToString("0000", System.Globalization.CultureInfo.InvariantCulture)
            : (string)filter.Value.Value;
        (DateTime start, DateTime end) = text switch
        {
            "2024" => (new DateTime(2024, 1, 1), new DateTime(2025, 1, 1)),
            "2024-02" => (new DateTime(2024, 2, 1), new DateTime(2024, 3, 1)),
            "2024-02-02" => (new DateTime(2024, 2, 2), new DateTime(2024, 2, 3)),
            "2024-02-02T05:00" => (new DateTime(2024, 2, 2, 5, 0, 0), new DateTime(2024, 2, 2, 5, 1, 0)),
            _ => (new DateTime(2024, 3, 1), new DateTime(2024, 3, 1, 0, 0, 1)),
        };
        return filter.Comparison switch
        {
            Comparison.Equal => time >= start && time < end,
            Comparison.Less => time < start,
            Comparison.LessOrEqual => time < end,
            Comparison.Greater => time >= end,
            _ => time >= start,
        };
    }

    private static bool MeetsValue(ComparisonFilter filter, object value) => (filter.Comparison, value, filter.Value.Value) switch
    {
        (Comparison.Like, string text, string pattern) => Matches(pattern, text),
        (Comparison.Contains, string text, string part) => Fold(text).Contains(Fold(part), StringComparison.Ordinal),
        (_, string a, string b) => Holds(filter.Comparison, string.CompareOrdinal(a, b)),
        (_, double a, double b) => Holds(filter.Comparison, a.CompareTo(b)),
        (_, bool a, bool b) => Holds(filter.Comparison, a.CompareTo(b)),
        _ => false,
    };

    // The texts here have no other letters that fold.
    private static string Fold(string text) => text.ToLowerInvariant().Replace('ä', 'a');

    private static bool Holds(Comparison comparison, int order) => comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };

    private static bool Matches(string pattern, string text)
    {
        if (pattern.Length == 0)
        {
            return text.Length == 0;
        }

        return pattern[0] == '*'
            ? Enumerable.Range(0, text.Length + 1).Any(skip => Matches(pattern[1..], text[skip..]))
            : text.Length > 0 && (pattern[0] == '?' || pattern[0] == text[0]) && Matches(pattern[1..], text[1..]);
    }
}
