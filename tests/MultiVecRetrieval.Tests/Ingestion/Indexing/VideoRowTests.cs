using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>Videos before a model that takes them as one input, and before one that does not.</summary>
public sealed class VideoRowTests : IDisposable
{
    private const string Vlm2Vec = """{ "model_type": "qwen2_vl" }""";

    private readonly SampleLibrary _sample = new();

    [Fact]
    public void Index_ModelThatTakesVideos_AddsARowOfTheWholeVideoBehindItsFrames()
    {
        using PlantedPictures model = PlantedPictures.CreateVideos(Vlm2Vec);

        MultiVector rows = Index(model);

        // Two seconds of red, then two of blue: a frame each, and the video.
        Assert.Equal([(0f, 2f), (2, 4), (0, 4)], rows.Places.ToArray().Select(place => (place.StartSeconds, place.EndSeconds)));
        int[] fed = [.. PlantedPictures.Undo(rows.Row(2)).Select(value => (int)MathF.Round(value))];
        Assert.Equal([4, 4, 8], fed[PlantedPictures.VideoGrid..(PlantedPictures.VideoGrid + 3)]);
        Assert.Equal([1, 1, -1, -1, -1, -1], fed[PlantedPictures.FirstPatch..PlantedPictures.LastPatch]);
        Assert.Equal([-1, -1, -1, -1, 1, 1], fed[PlantedPictures.LastPatch..PlantedPictures.VideoPositions]);
    }

    [Fact]
    public void Index_ModelThatTakesPicturesOnly_KeepsTheFramesAlone()
    {
        using PlantedPictures model = PlantedPictures.CreateMergedPatches(Vlm2Vec);

        MultiVector rows = Index(model);

        Assert.Equal([(0f, 2f), (2, 4)], rows.Places.ToArray().Select(place => (place.StartSeconds, place.EndSeconds)));
    }

    public void Dispose() => _sample.Dispose();

    private MultiVector Index(PlantedPictures model)
    {
        VideoFixture.Create(
            _sample.PathOf("film.mkv"), "-f", "lavfi", "-i", "color=red:s=16x8:r=4:d=2", "-f", "lavfi", "-i", "color=blue:s=16x8:r=4:d=2",
            "-filter_complex", "concat=n=2,format=gbrp", "-c:v", "ffv1");
        _sample.Index(request => request with { Models = [model.Folder] });
        Assert.Equal(SourceState.Indexed, _sample.Source("film.mkv").State);
        return _sample.Opened.Entries.GetVectors("film.mkv", _sample.Opened.Spaces[0].Name)!;
    }
}
