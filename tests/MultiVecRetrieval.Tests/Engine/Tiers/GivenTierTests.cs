using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>A codec that was trained elsewhere becomes a tier and stays what it is.</summary>
public sealed class GivenTierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<MaintenanceProgress> _steps = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AddTier_CodecTrainedElsewhere_ChoosesCandidatesBesidesTheOtherTiers()
    {
        using Collection collection = Collection.Create(_folder.PathOf("c"), TierSamples.Options());
        TierSamples.Fill(collection, documents: 20);
        collection.Tiers.Set("words", ["int8"]);
        BebrCodec codec = CreateCodec("bits:2", Samples.Rows(new Random(2), 500, TierSamples.Dimension));

        collection.Tiers.Add("words", codec);
        Maintain(collection);

        Assert.Equal(["int8", "bebr:2"], collection.Tiers.Get("words").Select(tier => tier.Spec));
        Assert.All(collection.Tiers.Get("words"), tier => Assert.NotNull(tier.Calibration));
        Assert.DoesNotContain(_steps, step => step is { Step: MaintenanceStep.Train, Tier: "bebr:2" });
        MultiVector query = TierSamples.Query(1);
        SearchResult byCodes = collection.Search(TierSamples.Request(query, "bebr:2", budget: 100), TestContext.Current.CancellationToken);
        Assert.Equal((100L, "bebr:2"), (byCodes.Plans[0].CodedCount, byCodes.Plans[0].Stages[0]));
        Assert.Equal(TierSamples.Scores(collection.Search(TierSamples.Request(query), TestContext.Current.CancellationToken)),
            TierSamples.Scores(byCodes));
    }

    [Fact]
    public void AddTier_SameSpecAgain_TakesThePlaceOfTheFormer()
    {
        string path = _folder.PathOf("c");
        using Collection collection = Collection.Create(path, TierSamples.Options());
        TierSamples.Fill(collection, documents: 4);
        collection.Tiers.Add("words", CreateCodec("bits:2", Samples.Rows(new Random(2), 500, TierSamples.Dimension)));
        Maintain(collection);
        byte[] former = ReadParameters(path);

        collection.Tiers.Add("words", CreateCodec("bits:2", Samples.Rows(new Random(3), 500, TierSamples.Dimension)));
        Maintain(collection);

        Assert.Equal((1, 0), (collection.Tiers.Get("words").Count, collection.Tiers.Get("words")[0].MissingFileCount));
        Assert.NotEqual(former, ReadParameters(path));
        Assert.Empty(collection.Upkeep.Verify().Problems);
    }

    [Fact]
    public void AddTier_SpaceGrowsAndDrifts_IsNeverTrainedAnew()
    {
        string path = _folder.PathOf("c");
        using Collection collection = Collection.Create(path, TierSamples.Options());
        TierSamples.AddAround(collection, 100, centre: 0, seed: 1);
        collection.Tiers.Add("words", CreateCodec("codes:16", ReadRows(collection)));
        Maintain(collection);
        byte[] parameters = ReadParameters(path);

        TierSamples.AddAround(collection, 400, centre: 8, seed: 2);
        Maintain(collection);

        TierStatistics tier = Assert.Single(collection.Tiers.Get("words"));
        Assert.Equal((500L, 0), (tier.Calibration!.EntryCount, tier.MissingFileCount));
        Assert.Equal(parameters, ReadParameters(path));
        Assert.DoesNotContain(_steps, step => step.Step == MaintenanceStep.Train);

        // The entries of a codec that was found here would have it trained anew by now; this one's are only reported.
        TierSamples.AddAround(collection, 400, centre: 8, seed: 3);
        Maintain(collection);
        TierCheck check = Assert.Single(collection.Tiers.Get("words")).Calibration!.Check!;
        Assert.True(check.Drift > 1.5, $"drift {check.Drift}");
        Assert.False(check.HasDrifted);
        Assert.DoesNotContain(_steps, step => step.Step == MaintenanceStep.Train);
    }

    [Fact]
    public void Maintain_ParametersDamaged_SaysSoAndTrainsNothingInTheirPlace()
    {
        string path = _folder.PathOf("c");
        using (Collection collection = Collection.Create(path, TierSamples.Options()))
        {
            TierSamples.Fill(collection, documents: 3);
            collection.Tiers.Add("words", CreateCodec("bits:2", Samples.Rows(new Random(2), 500, TierSamples.Dimension)));
            Maintain(collection);
        }

        string file = Assert.Single(Directory.GetFiles(Path.Combine(path, "segments"), "*.codec"));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        using Collection reopened = Collection.Open(path, writable: true, TierSamples.Options());
        Maintain(reopened);

        Assert.DoesNotContain(_steps, step => step.Step == MaintenanceStep.Train);
        Assert.Contains(file, Assert.Single(reopened.Tiers.Get("words")).Problem, StringComparison.Ordinal);
        Assert.True(reopened.Search(TierSamples.Request(TierSamples.Query(1), "bebr:2", 10),
            TestContext.Current.CancellationToken).IsExact);
    }

    [Fact]
    public void Set_LearnedHead_IsKeptWhereThereIsOneAndRefusedWhereNot()
    {
        using Collection collection = Collection.Create(_folder.PathOf("c"), TierSamples.Options());
        TierSamples.Fill(collection, documents: 2);

        SpecException error = Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["bebr:2"]));
        collection.Tiers.Add("words", CreateCodec("bits:2", ReadRows(collection)));
        collection.Tiers.Set("words", ["int8", "bebr:2"]);
        Maintain(collection);

        Assert.Contains("'mvr binarizer train'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["bebr:2", "int8"], collection.Tiers.Get("words").Select(tier => tier.Spec).Order(StringComparer.Ordinal));
        Assert.All(collection.Tiers.Get("words"), tier => Assert.Equal(0, tier.MissingFileCount));
    }

    [Fact]
    public void AddTier_CodecForOtherRows_ThrowsAndChangesNothing()
    {
        using Collection collection = Collection.Create(_folder.PathOf("c"), TierSamples.Options());
        TierSamples.Fill(collection, documents: 2);
        string[] files = TierSamples.Files(collection.Folder);

        DimensionMismatchException error =
            Assert.Throws<DimensionMismatchException>(
            () => collection.Tiers.Add("words", CreateCodec("bits:2", Samples.Rows(new Random(2), 500, 8))));

        Assert.Equal((16, 8), (error.Expected, error.Actual));
        Assert.Empty(collection.Tiers.Get("words"));
        Assert.Equal(files, TierSamples.Files(collection.Folder));
        Assert.Throws<UnknownSpaceException>(
            () => collection.Tiers.Add("absent", CreateCodec("bits:2", Samples.Rows(new Random(2), 500, 8))));
    }

    private static BebrCodec CreateCodec(string innerSpec, MultiVector rows)
    {
        CodecSpec inner = CodecSpec.Parse(innerSpec);
        TrainingSample sample = new() { Dimension = rows.Dimension, Rows = rows.Values.ToArray() };
        return new BebrCodec(
            CodecSpec.Parse("bebr:2"), new RowTransform(rows.Dimension, null, [], []),
                Codecs.FindFamily(inner).Train(inner, sample, TestContext.Current.CancellationToken));
    }

    private static MultiVector ReadRows(Collection collection) => new(
        TierSamples.Dimension,
        [.. collection.Entries.List(limit: 1000).SelectMany(entry => collection.Entries.GetVectors(entry.Key, "words")!.Values.ToArray())]);

    private static byte[] ReadParameters(string folder)
        => File.ReadAllBytes(Assert.Single(Directory.GetFiles(Path.Combine(folder, "segments"), "*.codec")))[128..];

    private void Maintain(Collection collection) => collection.Upkeep.Run(new Listener(_steps), TestContext.Current.CancellationToken);

    private sealed class Listener(List<MaintenanceProgress> steps) : IProgress<MaintenanceProgress>
    {
        public void Report(MaintenanceProgress value) => steps.Add(value);
    }
}
