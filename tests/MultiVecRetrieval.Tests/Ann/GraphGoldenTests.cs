using System.Text.Json;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Ann;

/// <summary>
/// Stored graphs stay readable with the recorded answers, and are built to the same bytes at every instruction set. MVR_WRITE_GOLDEN=1
/// writes them anew, for a new format beside the former ones.
/// </summary>
public sealed class GraphGoldenTests
{
    private const int RowCount = 60;
    private const int Dimension = 70;

    public static TheoryData<HnswNodes> Graphs => [HnswNodes.Int8, HnswNodes.OnePlane, HnswNodes.TwoPlanes, HnswNodes.Signs];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Open_RecordedGraph_GivesTheRecordedAnswersAndIsBuiltTheSame(HnswNodes nodes)
    {
        string name = Path.Combine(RepositoryRoot.Folder, "tests", "golden", "graphs", $"{nodes}");
        byte[] built = Build(nodes);
        if (Environment.GetEnvironmentVariable("MVR_WRITE_GOLDEN") == "1")
        {
            Write(name, built);
        }

        byte[] recorded = File.ReadAllBytes(name + ".mvrg");
        using HnswGraph graph = HnswGraph.Open(recorded);

        Assert.Equal(recorded, built);
        ScoredId[][] expected = JsonSerializer.Deserialize<ScoredId[][]>(File.ReadAllText(name + ".json"), JsonSerializerOptions.Web)!;
        ScoredId[][] answers = Ask(graph);
        for (int i = 0; i < expected.Length; i++)
        {
            // The mean's share of a score is a float32 sum over 70 values, whose order is the machine's.
            Assert.Equal(expected[i].Select(row => row.Id), answers[i].Select(row => row.Id));
            Assert.All(expected[i].Zip(answers[i]), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4));
        }
    }

    // Sign codes of neighbours beside the links were an option of the format once.
    [Fact]
    public void Open_RecordedGraphWithNeighborCodes_ThrowsInvalidDataExceptionThatSaysSo()
    {
        byte[] recorded = File.ReadAllBytes(Path.Combine(RepositoryRoot.Folder, "tests", "golden", "graphs", "Int8-codes.mvrg"));

        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => HnswGraph.Open(recorded));

        Assert.Contains("codes of neighbours", thrown.Message, StringComparison.Ordinal);
    }

    private static void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(name)!);
        File.WriteAllBytes(name + ".mvrg", bytes);
        using HnswGraph graph = HnswGraph.Open(bytes);
        File.WriteAllText(name + ".json", JsonSerializer.Serialize(Ask(graph), JsonSerializerOptions.Web) + "\n");
    }

    private static byte[] Build(HnswNodes nodes)
    {
        using MemoryStream stream = new();
        HnswOptions options = new()
        {
            M = 4,
            EfConstruction = 16,
            Nodes = nodes,
            Queries = Row(1000, bias: 0.5f),
        };
        HnswBuilder.Build((index, row) => Row(index, bias: 0).CopyTo(row), RowCount, Dimension, options, stream, CancellationToken.None);
        return stream.ToArray();
    }

    private static ScoredId[][] Ask(HnswGraph graph) =>
    [
        .. Enumerable.Range(0, 4).Select(i =>
        {
            ScoredId[] found = new ScoredId[5];
            int count = graph.Search(Row(2000 + i, bias: i % 2 * 0.5f), found.Length, 20, [], found);
            return found[..count];
        }),
    ];

    // Multiples of 1/64, so that every machine has the same rows. Every ninth row repeats the one before.
    private static float[] Row(int index, float bias)
    {
        uint state = (uint)((index % 9 == 8 ? index - 1 : index) + 1) * 2_654_435_761u;
        float[] row = new float[Dimension];
        for (int i = 0; i < row.Length; i++)
        {
            state = (state * 1_664_525u) + 1_013_904_223u;
            row[i] = (((int)(state >> 25) - 64) / 64f) + bias;
        }

        return row;
    }
}
