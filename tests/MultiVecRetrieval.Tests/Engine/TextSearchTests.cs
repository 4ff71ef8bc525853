namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Full text as people type it.</summary>
public sealed class TextSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Collection _collection;

    public TextSearchTests() => _collection = Collection.Create(_folder, new CollectionOptions());

    [Theory]
    [InlineData("\u4ED8\u6B3E", "chinese")]
    [InlineData("\u4ED8\u6B3E\u6761\u6B3E", "chinese")]
    [InlineData("\u6B3E", "chinese")]
    [InlineData("\uBC95\uB960", "korean")]
    [InlineData("\u0E01\u0E23\u0E38\u0E07\u0E40\u0E17\u0E1E", "thai")]
    public void Search_PartOfARunWithoutSpaces_IsFound(string query, string key)
    {
        Add("chinese", "\u5408\u540C\u53CC\u65B9\u540C\u610F\u6309\u7167\u4ED8\u6B3E\u6761\u6B3E\u5C65\u884C\u4E49\u52A1");
        Add("korean", "\uB300\uD55C\uBBFC\uAD6D \uBC95\uB960\uC5D0 \uB530\uB77C");
        Add("thai", "\u0E40\u0E23\u0E32\u0E2D\u0E22\u0E39\u0E48\u0E17\u0E35\u0E48\u0E01\u0E23\u0E38\u0E07\u0E40\u0E17\u0E1E\u0E21\u0E2B\u0E32\u0E19\u0E04\u0E23");

        Assert.Equal([key], Ask(query));
    }

    [Theory]
    [InlineData("\u6B3E\u4ED8")]
    [InlineData("\u4ED8\u4E49")]
    public void Search_PairsThatDoNotFollowEachOther_AreNotFound(string query)
    {
        Add("chinese", "\u4ED8\u6B3E\u6761\u6B3E\u5C65\u884C\u4E49\u52A1");

        Assert.Empty(Ask(query));
    }

    [Theory]
    [InlineData("ship", "inflected")]
    [InlineData("histo*", "history")]
    [InlineData("environmental", "broken")]
    [InlineData("invoice-2041", "invoices/invoice-2041.png")]
    [InlineData("invoices", "invoices/invoice-2041.png")]
    public void Search_OtherForms_AreFound(string query, string key)
    {
        Add("inflected", "all of the ships were in the harbour");
        Add("history", "historical matters");
        Add("broken", "a law on environ-\nmental matters");
        Add("invoices/invoice-2041.png", null);

        Assert.Equal(key, Ask(query)[0]);
    }

    [Fact]
    public void Search_Phrase_IsRequiredInItsOrder()
    {
        Add("order", "the terminal is set by set terminal png");
        Add("words", "terminal set");

        Assert.Equal(["order"], Ask("\"set terminal\""));
        Assert.Equal(["order"], Ask("png \"set terminal\" harbour"));
    }

    [Theory]
    [InlineData("dpkg-buildpackage -B")]
    [InlineData("cmake -DBUILD_SHARED_LIBS:bool=OFF")]
    [InlineData("cc -O2")]
    public void Search_OptionsOfACommandLine_AreNotLeftOut(string query)
    {
        Add("manual", "dpkg-buildpackage -B calls cmake -DBUILD_SHARED_LIBS:bool=OFF and cc -O2");

        Assert.Equal(["manual"], Ask(query));
    }

    [Fact]
    public void Search_WordsThatStandTogether_ComeFirst()
    {
        Add("apart", "harbour of the old town where no master lives");
        Add("together", "of the old town where no harbour master lives");

        Assert.Equal(["together", "apart"], Ask("harbour master"));
    }

    [Fact]
    public void Search_Unwanted_LeavesOut()
    {
        Add("both", "harbour and lighthouse");
        Add("one", "harbour");

        Assert.Equal(["one"], Ask("harbour -lighthouse"));
        Assert.Equal(["both", "one"], Ask("harbour - lighthouse").Order(StringComparer.Ordinal));
        Assert.Equal(["one"], Ask("harbour -\"and lighthouse\""));
    }

    [Theory]
    [InlineData("sea -people \"blue water\" histo*", "sea blue water histo")]
    [InlineData("well-known", "well-known")]
    [InlineData("-only", "")]
    public void WithoutOperators_IsWhatAnEncoderReads(string typed, string read) => Assert.Equal(read, SearchText.WithoutOperators(typed));

    [Fact]
    public void Search_CommonWords_DoNotRank()
    {
        Add("about", "what is it about and how does the of it");
        Add("harbour", "harbour");

        Assert.Equal(["harbour"], Ask("what is the harbour about"));
    }

    [Fact]
    public void Passage_OfAHit_ShowsTheWordsMarked()
    {
        string filler = string.Join(' ', Enumerable.Repeat("nothing happens here.", 60));
        Add("page", $"{filler} All ships were counted by the harbour master. {filler}");

        HitPassage passage = _collection.Search(new SearchRequest { Text = "ship counting", Explain = true }).Hits[0].Passage!;

        Assert.StartsWith("All ships were counted", passage.Text, StringComparison.Ordinal);
        Assert.Equal(["ships", "counted"], passage.Marks.Select(mark => passage.Text.Substring(mark.Offset, mark.Length)));
        Assert.True(passage is { IsCutBefore: true, IsCutAfter: true });
    }

    [Fact]
    public void Passage_OfATable_HasItsRowsOnLinesOfTheirOwn()
    {
        Add("page", "the pumps\nof the harbour\n\nPump\tPressure\nMarlin A2\t12 bar\nHeron B7\t16 bar\n\nGrease\nthe bearings");

        HitPassage passage = _collection.Search(new SearchRequest { Text = "heron pressure", Explain = true }).Hits[0].Passage!;

        Assert.Equal("Pump Pressure\nMarlin A2 12 bar\nHeron B7 16 bar\nGrease the bearings", passage.Text);
        Assert.Equal(["Pressure", "Heron"], passage.Marks.Select(mark => passage.Text.Substring(mark.Offset, mark.Length)));
    }

    [Fact]
    public void Passage_NearTheBeginning_BeginsThere()
    {
        Add("page", "boats are being counted in the port by the harbour master " + string.Join(' ', Enumerable.Repeat("nothing", 90)));

        HitPassage passage = _collection.Search(new SearchRequest { Text = "harbour", Explain = true }).Hits[0].Passage!;

        Assert.StartsWith("boats are", passage.Text, StringComparison.Ordinal);
        Assert.False(passage.IsCutBefore);
    }

    [Fact]
    public void Passage_WithABrokenWord_ShowsItWhole()
    {
        Add("page", "a law on environ-\nmental matters");

        HitPassage passage = _collection.Search(new SearchRequest { Text = "environmental", Explain = true }).Hits[0].Passage!;

        Assert.Equal("a law on environmental matters", passage.Text);
        Assert.Equal(["environmental"], passage.Marks.Select(mark => passage.Text.Substring(mark.Offset, mark.Length)));
    }

    [Fact]
    public void Search_OfACollectionOfAnotherAnalysis_IsMadeAnewWhenItIsOpened()
    {
        Add("page", "harbour");
        _collection.Store.Catalog.Write(connection =>
        {
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "UPDATE terms SET words = 'lost', stems = ''; INSERT INTO texts_index (texts_index) VALUES ('rebuild'); "
                + "UPDATE counters SET value = 0 WHERE name = 'text_analysis'";
            command.ExecuteNonQuery();
        });
        Assert.Empty(Ask("harbour"));
        _collection.Dispose();

        using Collection opened = Collection.Open(_folder, writable: true);

        Assert.Equal(["page"], opened.Search(new SearchRequest { Text = "harbour" }).Keys());
    }

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    private void Add(string key, string? text) => Samples.AddDocument(_collection, key, Samples.Content(key, text: text));

    private List<string> Ask(string text) => [.. _collection.Search(new SearchRequest { Text = text }).Keys()];
}
