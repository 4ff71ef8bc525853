using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.SelfTests;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Encoding.SelfTests;

public sealed class ModelDriftTests
{
    [Fact]
    public void Compare_HalfPrecision_IsAcceptedWithinItsRounding()
    {
        using PlantedEncoder whole = PlantedEncoder.CreateSplit();
        using PlantedEncoder half = PlantedEncoder.CreateSplit(type: OnnxWriter.Float16);

        DriftReport report = Compare(half, whole);

        // Each of the 4 values is off by 2^-11 of its size at most, before and after the graph: 1 - cos <= 2 * (2 * 2^-11)^2.
        Assert.True(report.IsAccepted);
        Assert.Equal(["text", "picture"], report.Sides.Select(side => side.Name));
        Assert.All(report.Sides, side => Assert.InRange(side.Least, 1 - (8 * Math.Pow(2, -22)) - 1e-6, 1.0000001));
    }

    [Fact]
    public void Compare_OneSideThatDrifted_IsRefusedWithItsCosines()
    {
        using PlantedEncoder reference = PlantedEncoder.CreateSplit();
        using PlantedEncoder drifted = PlantedEncoder.CreateSplit();
        string file = File.ReadAllText(drifted.PathOf("preprocessor_config.json"));
        drifted.Write("preprocessor_config.json", file.Replace("[0.5, 0.5, 0.5], \"image_std\"", "[0.9, 0.1, 0.5], \"image_std\"", StringComparison.Ordinal));

        DriftReport report = Compare(drifted, reference);

        Assert.False(report.IsAccepted);
        Assert.Equal(1, report.Sides[0].Mean, 6);
        Assert.InRange(report.Sides[1].Mean, -1, DriftReport.Bar);
        Assert.InRange(report.Sides[1].FifthPercentile, report.Sides[1].Least, report.Sides[1].Mean);
        Assert.Equal(16, report.Sides[1].InputCount);
    }

    [Fact]
    public void Compare_OwnInputs_AreTheOnlyOnes()
    {
        using PlantedEncoder model = PlantedEncoder.CreateSplit();
        using EncoderModel encoder = EncoderModel.Load(model.Folder);

        DriftReport report = ModelDrift.Compare(encoder, encoder, ["red", "blue"], []);

        Assert.Equal(new DriftSide("text", 2, 2, 1, 1, 1), Assert.Single(report.Sides) with { Mean = 1, FifthPercentile = 1, Least = 1 });
        Assert.Throws<ArgumentException>(() => ModelDrift.Compare(encoder, encoder, [], []));
    }

    [Fact]
    public void Compare_OtherNumberOfRows_IsAProblem()
    {
        using PlantedEncoder single = PlantedEncoder.CreateSplit();
        using PlantedEncoder rows = PlantedEncoder.CreateRows();

        DriftReport report = Compare(rows, single);

        Assert.False(report.IsAccepted);
        Assert.Contains("the reference gives 1", report.Problem, StringComparison.Ordinal);
    }

    private static DriftReport Compare(PlantedEncoder model, PlantedEncoder reference)
    {
        using EncoderModel ours = EncoderModel.Load(model.Folder);
        using EncoderModel theirs = EncoderModel.Load(reference.Folder);
        return ModelDrift.Compare(ours, theirs);
    }
}
