using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>Questions that name the task that they are one of.</summary>
public class QueryTaskTests
{
    [Fact]
    public void Search_Task_IsAskedInTheWordsOfTheTask()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches("""{ "model_type": "qwen2_vl" }""");
        using SampleLibrary sample = new();
        sample.Write("red.png", SampleLibrary.Png(PlantedEncoder.Plain(20, 12, (255, 0, 0))));
        sample.Index(request => request with { Models = [planted.Folder] });
        using EncoderModel model = EncoderModel.Load(planted.Folder);
        float[] stored = sample.Opened.Entries.GetVectors("red.png", sample.Opened.Spaces[0].Name)!.Values.ToArray();

        foreach (string? task in new[] { null, "MSCOCO_t2i", "msvd" })
        {
            SearchHit hit = Assert.Single(sample.Search(
                query => query with { Text = "red", Using = SearchSide.Vectors, Task = task }).Hits);

            float[] asked = model.EncodeTextForTask("red", task, TestContext.Current.CancellationToken).Rows.Values.ToArray();
            Assert.Equal(asked.Zip(stored, (a, b) => a * b).Sum(), hit.Matches[0].Similarity, 1e-5);
        }
    }

    [Fact]
    public void Search_TaskThatNoModelHas_NamesThoseThatThereAre()
    {
        using PlantedPictures planted = PlantedPictures.CreateMergedPatches("""{ "model_type": "qwen2_vl" }""");
        using SampleLibrary sample = new();
        sample.Write("red.png", SampleLibrary.Png(PlantedEncoder.Plain(20, 12, (255, 0, 0))));
        sample.Index(request => request with { Models = [planted.Folder] });

        InvalidQueryException exception =
            Assert.Throws<InvalidQueryException>(() => sample.Search(query => query with { Text = "red", Task = "songs" }));

        Assert.Contains("'songs'; there are visdoc, MSCOCO_t2i", exception.Message, StringComparison.Ordinal);
    }
}
