using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Cli;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Tests.Libraries.Tuning;
using MultiVecRetrieval.Tests.Training;
using MultiVecRetrieval.Training;

namespace MultiVecRetrieval.Tests.Cli;

public class BinarizerTests
{
    [Fact]
    public void Train_OnPairs_WritesAHeadThatShowDescribes()
    {
        using TemporaryFolder folder = new();
        string pairs = WritePairs(folder, BinarizerSamples.Mirrored(400), 400);
        string output = folder.PathOf("head.mvrb");

        ToolResult trained = Tool.Run("binarizer", "train", "--pairs", pairs, "--bits", "1", "--steps", "25", "--out", output, "--json");

        Assert.Equal(0, trained.ExitCode);
        JsonElement report = trained.Json.GetProperty("report");
        Assert.Equal("bits:1", report.GetProperty("codec").GetString());
        Assert.Equal(320, report.GetProperty("trainingQueryCount").GetInt32());
        Assert.Contains("step 25/25", trained.Error, StringComparison.Ordinal);
        JsonElement shown = Tool.Run("binarizer", "show", output, "--json").Json.GetProperty("report");
        Assert.Equal(report.GetRawText(), shown.GetRawText());
        ToolResult text = Tool.Run("binarizer", "show", output);
        Assert.Contains("bits:1, closed form", text.Output, StringComparison.Ordinal);
        Assert.Contains("kept: the ", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WithAnOldBinarizer_SearchesItsCodes()
    {
        using TemporaryFolder folder = new();
        CompatibleSample sample = BinarizerSamples.Rotated(400, bend: 0);
        BinarizerSample old = new() { Dimension = sample.OldDimension, Documents = sample.OldDocuments };
        string oldPairs = WritePairs(folder, old, 400), oldFile = folder.PathOf("old.mvrb"), newFile = folder.PathOf("new.mvrb");
        ToolResult first = Tool.Run("binarizer", "train", "--pairs", oldPairs, "--bits", "4", "--steps", "1", "--out", oldFile);
        string pairs = WritePairs(folder, sample.New, 400, sample);

        ToolResult second = Tool.Run("binarizer", "train", "--pairs", pairs, "--old", oldFile, "--steps", "1", "--out", newFile, "--json");

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        BebrCodec oldCodec = BinarizerFile.Read(oldFile).Codec, newCodec = BinarizerFile.Read(newFile).Codec;
        Assert.True(newCodec.IsCompatible);
        byte[] chunk = oldCodec.Encode(new EntryRows(oldCodec.Dimension, sample.OldDocuments, [.. Enumerable.Range(0, 401)]));
        float[] scores = new float[400];
        newCodec.CreateScorer(new MultiVectorView(newCodec.Dimension, sample.New.Documents.AsSpan(0, newCodec.Dimension)))
            .Score(chunk, scores);
        // Of 400 old codes, the new model's query finds its own document first.
        Assert.Equal(0, Array.IndexOf(scores, scores.Max()));
        // The ridge map undoes the rotation but for its penalty: of ten neighbours nine stay, give or take one.
        Assert.InRange(second.Json.GetProperty("report").GetProperty("floatAcross").GetProperty("mean").GetDouble(), 0.9, 1);
    }

    [Fact]
    public void Apply_OfATrainedHead_IsATierOfTheCollection()
    {
        using TemporaryFolder folder = new();
        string[] common = ["--data", folder.PathOf("data"), "--collection", "filled"];
        using (Library library = new(new LibraryOptions { DataFolder = folder.PathOf("data") }))
        {
            FilledCollection.Write(library, "filled");
        }

        string file = folder.PathOf("head.mvrb");
        ToolResult trained = Tool.Run(["binarizer", "train", "--steps", "1", "--out", file, .. common]);
        JsonElement applied = Tool.Run(["binarizer", "apply", file, "--json", .. common]).Json;

        Assert.Equal(0, trained.ExitCode);
        JsonElement tier = Assert.Single(applied.GetProperty("tiers").EnumerateArray());
        Assert.Equal(("bebr:2", FilledCollection.EntryCount),
            (tier.GetProperty("spec").GetString(), tier.GetProperty("encodedEntryCount").GetInt32()));
        Assert.NotEqual(JsonValueKind.Null, tier.GetProperty("calibration").ValueKind);
    }

    [Fact]
    public void Apply_HeadForOtherRows_ExitsWith2AndNamesBothLengths()
    {
        using TemporaryFolder folder = new();
        using (Library library = new(new LibraryOptions { DataFolder = folder.PathOf("data") }))
        {
            library.CreateCollection("empty", ["words-only"]);
        }

        string pairs = WritePairs(folder, BinarizerSamples.Mirrored(400), 400), file = folder.PathOf("head.mvrb");
        Tool.Run("binarizer", "train", "--pairs", pairs, "--steps", "1", "--out", file);

        ToolResult result = Tool.Run("binarizer", "apply", file, "--data", folder.PathOf("data"), "--collection", "empty");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("holds rows of 128 values", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("rows of 16", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bits must be in [1, 4], found 9", "--bits", "9", "--out", "x.mvrb")]
    [InlineData("--out", "--bits", "1")]
    [InlineData("--old-space goes with --old", "--old-space", "words", "--out", "x.mvrb")]
    [InlineData("line 2: \"document\" has 1 numbers, expected 2", "--pairs", "SHORT", "--out", "x.mvrb")]
    [InlineData("line 1: expected an object with \"document\"", "--pairs", "ARRAY", "--out", "x.mvrb")]
    [InlineData("too few", "--pairs", "FEW", "--out", "x.mvrb")]
    public void Train_WrongUsage_NamesItAndExitsWith2(string expected, params string[] arguments)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.PathOf("SHORT"), "{\"document\":[1,2]}\n{\"document\":[1]}\n");
        File.WriteAllText(folder.PathOf("ARRAY"), "[1,2]\n");
        File.WriteAllText(folder.PathOf("FEW"), "{\"query\":[1,2],\"document\":[1,2]}\n");

        ToolResult result = Tool.Run([
            "binarizer", "train",
                .. arguments.Select(argument => File.Exists(folder.PathOf(argument)) ? folder.PathOf(argument) : argument)]);

        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.ExitCode);
        Assert.False(File.Exists("x.mvrb"));
    }

    [Fact]
    public void Show_OfAnotherFile_SaysWhatIsWrong()
    {
        using TemporaryFolder folder = new();

        ToolResult result = Tool.Run("binarizer", "show", folder.Write("a.mvrb", [1, 2, 3]));

        Assert.Contains("expected magic MVRB", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("{\"document\":[1,2],\"oldDocument\":[1]}\n{\"document\":[1,2]}",
        "line 2: either every line with \"document\" has \"oldDocument\" or none")]
    [InlineData("{\"document\":[1,2],\"query\":[1]}", "line 1: \"query\" has 1 numbers, expected 2")]
    [InlineData("{\"document\":[1,\"two\"]}", "line 1")]
    [InlineData("{\"document\":[1", "line 1")]
    [InlineData("", "has no lines")]
    public void Read_OfADamagedPairsFile_NamesTheLine(string text, string expected)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.PathOf("pairs.jsonl"), text);

        FormatException exception = Assert.Throws<FormatException>(() => PairsFile.Read(folder.PathOf("pairs.jsonl")));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAPairsFile_KeepsDocumentsWithoutQueries()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.PathOf("pairs.jsonl"), "{\"document\":[1,2]}\n\n{\"document\":[3,4],\"query\":[5,6]}\n");

        BinarizerSample sample = PairsFile.Read(folder.PathOf("pairs.jsonl")).ToSample();

        Assert.Equal([1, 2, 3, 4], sample.Documents);
        Assert.Equal([5, 6], sample.Queries);
        Assert.Equal([1], sample.Positives);
    }

    private static string WritePairs(TemporaryFolder folder, BinarizerSample sample, int count, CompatibleSample? compatible = null)
    {
        string path = folder.PathOf($"pairs-{sample.Dimension.ToString(CultureInfo.InvariantCulture)}.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, count).Select(i =>
        {
            Dictionary<string, float[]> line = new() { ["document"] = Row(sample.Documents, i, sample.Dimension) };
            if (sample.Queries.Length > 0)
            {
                line["query"] = Row(sample.Queries, i, sample.Dimension);
            }

            if (compatible is not null)
            {
                line["oldDocument"] = Row(compatible.OldDocuments, i, compatible.OldDimension);
            }

            return JsonSerializer.Serialize(line);
        }));
        return path;
    }

    private static float[] Row(float[] values, int row, int dimension) => values[(row * dimension)..((row + 1) * dimension)];
}
