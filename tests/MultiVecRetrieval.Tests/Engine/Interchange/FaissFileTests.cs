using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Interchange;

namespace MultiVecRetrieval.Tests.Engine.Interchange;

/// <summary>Index files that FAISS 1.7.3 wrote (tests/golden/faiss/make.py), and what it found in them.</summary>
public class FaissFileTests
{
    private static readonly string[] Names =
        ["flatInnerProduct", "flatSquaredDistance", "hnswInnerProduct", "hnswSquaredDistance", "binaryFlat"];

    public static TheoryData<string> Files => [.. Names];

    private sealed record Golden(float[][] Vectors, float[][] Queries, byte[][] Codes, byte[][] CodeQueries);

    private sealed record Found(int[][] Ids, float[][] Distances);

    [Theory]
    [InlineData("flatInnerProduct", FaissMetric.InnerProduct)]
    [InlineData("flatSquaredDistance", FaissMetric.SquaredDistance)]
    public void Read_FlatIndexOfFaiss_HoldsItsVectorsAndNeighbours(string name, FaissMetric metric)
    {
        (Golden golden, Found expected) = ReadExpected(name);

        FaissFlatIndex index = Assert.IsType<FaissFlatIndex>(FaissIndex.Read(GetPath(name)));

        Assert.Equal((metric, 12, 300), (index.Metric, index.Dimension, index.Count));
        Assert.Equal(golden.Vectors.SelectMany(vector => vector), index.Values);
        for (int i = 0; i < golden.Queries.Length; i++)
        {
            FaissMatch[] found = [.. Enumerable.Range(0, 300).Select(id => new FaissMatch(id, Compare(index, golden.Queries[i], id)))
                .OrderBy(match => metric == FaissMetric.InnerProduct ? -match.Value : match.Value).Take(5)];
            AssertFound(expected, i, found);
        }
    }

    [Theory]
    [InlineData("hnswInnerProduct")]
    [InlineData("hnswSquaredDistance")]
    public void Search_HnswIndexOfFaiss_FindsWhatFaissFound(string name)
    {
        (Golden golden, Found expected) = ReadExpected(name);

        FaissHnswIndex index = Assert.IsType<FaissHnswIndex>(FaissIndex.Read(GetPath(name)));

        Assert.Equal(20, index.Links.EfSearch);
        Assert.InRange(index.Links.MaxLevel, 1, 10);
        for (int i = 0; i < golden.Queries.Length; i++)
        {
            AssertFound(expected, i, index.Search(golden.Queries[i], k: 5, ef: 20));
        }
    }

    [Fact]
    public void Read_BinaryIndexOfFaiss_HoldsItsCodesAndNeighbours()
    {
        (Golden golden, Found expected) = ReadExpected("binaryFlat");

        FaissBinaryIndex index = Assert.IsType<FaissBinaryIndex>(FaissIndex.Read(GetPath("binaryFlat")));

        Assert.Equal((40, 100), (index.Dimension, index.Count));
        Assert.Equal(golden.Codes.SelectMany(code => code), index.Codes);
        for (int i = 0; i < golden.CodeQueries.Length; i++)
        {
            int[] distances = [.. golden.Codes.Select(code => code.Zip(golden.CodeQueries[i], (x, y) => int.PopCount(x ^ y)).Sum())];
            Assert.Equal(expected.Distances[i].Select(distance => (int)distance), distances.Order().Take(5));
            Assert.Equal(expected.Distances[i].Select(distance => (int)distance), expected.Ids[i].Select(id => distances[id]));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Write_WhatWasRead_GivesTheBytesOfFaiss(string name)
    {
        using MemoryStream stream = new();

        FaissIndex.Read(GetPath(name)).Write(stream);

        Assert.Equal(File.ReadAllBytes(GetPath(name)), stream.ToArray());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_FileCutAnywhereOrLonger_ThrowsFaissFormatException(string name)
    {
        byte[] bytes = File.ReadAllBytes(GetPath(name));

        for (int length = 0; length < bytes.Length; length += length < 300 ? 1 : 97)
        {
            Assert.Throws<FaissFormatException>(() => Read(bytes[..length]));
        }

        FaissFormatException exception = Assert.Throws<FaissFormatException>(() => Read([.. bytes, 0]));
        Assert.Equal((long)bytes.Length, exception.Offset);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_AnyBytesChanged_RefusesOrCanBeSearched(string name)
    {
        byte[] bytes = File.ReadAllBytes(GetPath(name));
        Property property = Prop.ForAll(
            ArbMap.Default.ArbFor<(ushort Place, byte[] Bytes)>(),
            change =>
            {
                // The lengths are in the first 200 bytes: half of the changes hit them.
                byte[] changed = [.. bytes];
                int place = change.Place % 2 == 0 ? change.Place / 2 % 200 : change.Place % bytes.Length;
                change.Bytes.AsSpan(0, Math.Min(change.Bytes.Length, bytes.Length - place)).CopyTo(changed.AsSpan(place));
                try
                {
                    if (Read(changed) is FaissHnswIndex index)
                    {
                        index.Search(new float[index.Dimension], 5, 20);
                    }
                }
                catch (FaissFormatException)
                {
                }

                return true;
            });

        property.Check(Config.QuickThrowOnFailure.WithReplay(1234, 5677).WithMaxTest(300));
    }

    // A length of 2⁶² values in a file of 100 bytes: refused before anything is allocated, and named.
    [Fact]
    public void Read_LengthBeyondTheFile_ThrowsWithWhatIsPossible()
    {
        byte[] bytes = File.ReadAllBytes(GetPath("binaryFlat"))[..100];
        BitConverter.TryWriteBytes(bytes.AsSpan(12), 1L << 30);
        BitConverter.TryWriteBytes(bytes.AsSpan(25), 5L << 30);

        FaissFormatException exception = Assert.Throws<FaissFormatException>(() => Read(bytes));

        Assert.Contains("at most 67 bytes of codes", exception.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnotherKind_ThrowsWithTheKindsThatAreRead()
    {
        FaissFormatException exception = Assert.Throws<FaissFormatException>(() => Read("IwFl and more"u8.ToArray()));

        Assert.Contains("IHNf (IndexHNSWFlat)", exception.Message, StringComparison.Ordinal);
        Assert.Equal("'IwFl'", exception.Actual);
    }

    [Fact]
    public void Create_Graph_LinksEveryVectorAndFindsAlmostAllNeighbours()
    {
        (FaissFlatIndex storage, FaissHnswIndex index) =
            FaissSamples.CreateHnsw(FaissMetric.InnerProduct, count: 1_000, dimension: 24, equalCount: 5);
        int found = 0;
        for (int i = 0; i < 100; i++)
        {
            float[] query = FaissSamples.CreateRows(seed: 100 + i, 1, 24);
            HashSet<int> best = [.. Enumerable.Range(0, 1_000).OrderByDescending(id => Compare(storage, query, id)).Take(10)];
            found += index.Search(query, k: 10, ef: 100).Count(pair => best.Contains(pair.Index));
        }

        // Each of the 5 equal vectors is found from any other, and so is every vector from itself.
        Assert.Equal([0, 1, 2, 3, 4], index.Search(storage[3], k: 5, ef: 50).Select(pair => pair.Index).Order());
        Assert.All(Enumerable.Range(5, 95), id => Assert.Equal(id, index.Search(storage[id], k: 1, ef: 100)[0].Index));
        Assert.InRange(found / 1000.0, 0.95, 1);
    }

    [Fact]
    public void Create_GraphOfOtherVectors_ThrowsArgumentException()
    {
        (_, FaissHnswIndex index) = FaissSamples.CreateHnsw(FaissMetric.InnerProduct, count: 50, dimension: 8, equalCount: 1);
        using HnswGraph graph = FaissSamples.BuildGraph(index.Storage);

        Assert.Throws<ArgumentException>(() => FaissHnswIndex.Create(new FaissFlatIndex(FaissMetric.InnerProduct, 8, new float[8]), graph));
    }

    private static FaissIndex Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return new FaissReader(stream, "test").Read();
    }

    private static float Compare(FaissFlatIndex index, float[] query, int id)
    {
        double sum = 0;
        for (int k = 0; k < query.Length; k++)
        {
            double difference = query[k] - index[id][k];
            sum += index.Metric == FaissMetric.InnerProduct ? (double)query[k] * index[id][k] : difference * difference;
        }

        return (float)sum;
    }

    // Values are those of FAISS to float32 rounding; vectors of equal value may come in any order.
    private static void AssertFound(Found expected, int query, FaissMatch[] found)
    {
        Assert.Equal(expected.Ids[query].Order(), found.Select(pair => pair.Index).Order());
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(expected.Distances[query][i], found[i].Value, 1e-4f);
        }
    }

    private static string GetPath(string name) => Path.Combine(RepositoryRoot.Folder, "tests", "golden", "faiss", name + ".faiss");

    private static (Golden Golden, Found Found) ReadExpected(string name)
    {
        using JsonDocument document =
            JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "tests", "golden", "faiss", "expected.json")));
        JsonElement root = document.RootElement;
        return (
            new Golden(ReadRows<float>(root, "vectors"), ReadRows<float>(root, "queries"), ReadBytes(root, "codes"),
                ReadBytes(root, "codeQueries")),
            new Found(ReadRows<int>(root.GetProperty(name), "ids"), ReadRows<float>(root.GetProperty(name), "distances")));
    }

    private static T[][] ReadRows<T>(JsonElement element, string name) => element.GetProperty(name).Deserialize<T[][]>()!;

    private static byte[][] ReadBytes(JsonElement element, string name)
        => [.. ReadRows<int>(element, name).Select(row => row.Select(value => (byte)value).ToArray())];
}
