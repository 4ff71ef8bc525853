using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Interchange;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine.Interchange;

public class FaissExchangeTests
{
    private static readonly Space Space = new() { Name = "dense", Id = new SpaceId("a1"), Dimension = 8 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Export_ThenImport_GivesTheSameRowsUnderTheSameKeys(bool withGraph)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("rows.faiss");
        using Collection source = Create(folder.PathOf("source"), [("b", 1), ("a", 3), ("c", 1)]);
        using Collection target = Collection.Create(folder.PathOf("target"), new CollectionOptions { Spaces = [Space] });

        int count = FaissExchange.Export(source, "dense", path, withGraph
            ? new HnswOptions()
            : null, TestContext.Current.CancellationToken);
        int entryCount = FaissExchange.Import(target, "dense", path, TestContext.Current.CancellationToken);

        Assert.Equal((5, 3), (count, entryCount));
        Assert.Equal(withGraph, FaissIndex.Read(path) is FaissHnswIndex);
        Assert.Equal("""{"key":"a","row":2}""", File.ReadLines(FaissExchange.GetKeysPath(path)).ElementAt(2));
        Assert.Equal(["a", "b", "c"], target.Entries.List().Select(entry => entry.Key));
        foreach (string key in new[] { "a", "b", "c" })
        {
            Assert.Equal(
                source.Entries.GetVectors(key, "dense")!.Values.ToArray(), target.Entries.GetVectors(key, "dense")!.Values.ToArray());
        }
    }

    [Fact]
    public void Import_IndexWithoutKeys_NumbersTheEntries()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("rows.faiss");
        new FaissFlatIndex(FaissMetric.SquaredDistance, 8, FaissSamples.CreateRows(seed: 1, 3, 8)).Write(path);
        using Collection target = Collection.Create(folder.PathOf("target"), new CollectionOptions { Spaces = [Space] });

        Assert.Equal(3, FaissExchange.Import(target, "dense", path, TestContext.Current.CancellationToken));

        Assert.Equal(["0", "1", "2"], target.Entries.List().Select(entry => entry.Key));
    }

    [Fact]
    public void Import_WhatDoesNotFit_ThrowsByNameAndAddsNothing()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("rows.faiss");
        using Collection target = Collection.Create(folder.PathOf("target"), new CollectionOptions { Spaces = [Space] });
        CancellationToken none = TestContext.Current.CancellationToken;

        new FaissFlatIndex(FaissMetric.InnerProduct, 4, new float[8]).Write(path);
        Assert.Throws<DimensionMismatchException>(() => FaissExchange.Import(target, "dense", path, none));
        Assert.Throws<UnknownSpaceException>(() => FaissExchange.Import(target, "words", path, none));
        new FaissBinaryIndex(8, new byte[3]).Write(path);
        Assert.Throws<FaissFormatException>(() => FaissExchange.Import(target, "dense", path, none));
        new FaissFlatIndex(FaissMetric.InnerProduct, 8, new float[16]).Write(path);
        File.WriteAllText(FaissExchange.GetKeysPath(path), """{"key":"a","row":0}""" + "\n");
        FaissFormatException tooFew = Assert.Throws<FaissFormatException>(() => FaissExchange.Import(target, "dense", path, none));
        File.WriteAllText(FaissExchange.GetKeysPath(path), "{\"key\":\"a\"}\n\"b\"\n");
        FaissFormatException noJson = Assert.Throws<FaissFormatException>(() => FaissExchange.Import(target, "dense", path, none));

        Assert.Equal("2 keys, one per vector", tooFew.Expected);
        Assert.Contains("line 2", noJson.Expected, StringComparison.Ordinal);
        Assert.Equal("\"b\"", noJson.Actual);
        Assert.Empty(target.Entries.List());
    }

    private static Collection Create(string folder, (string Key, int RowCount)[] entries)
    {
        Collection collection = Collection.Create(folder, new CollectionOptions { Spaces = [Space] });
        using CollectionWriter writer = collection.BeginWrite(TestContext.Current.CancellationToken);
        foreach ((string key, int rowCount) in entries)
        {
            writer.BeginDocument(new Document { Key = key, MediaType = MediaType.Image, ContentType = "image/png", ContentHash = key });
            writer.Add(new EntryContent
            {
                Entry = new Entry { Key = key, DocumentKey = key, MediaType = MediaType.Image },
                Vectors = new Dictionary<string,
                    MultiVector>
                { ["dense"] = new MultiVector(8, FaissSamples.CreateRows(seed: key[0], rowCount, 8)) },
            });
        }

        writer.Commit();
        return collection;
    }
}
