using MultiVecRetrieval.Eval.KnownItems;
using MultiVecRetrieval.Tests.Engine;

namespace MultiVecRetrieval.Tests.Eval;

public class CollectionPagesTests
{
    [Fact]
    public void Read_CollectionWithMoreThanOneListing_GivesEveryPageWithTextOnce()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(Path.Combine(folder, "c"), new CollectionOptions());
        using (CollectionWriter writer = collection.BeginWrite())
        {
            writer.BeginDocument(Samples.Document("long.pdf"));
            for (int page = 1; page <= 620; page++)
            {
                writer.Add(Samples.Content($"long.pdf#page={page}", text: $"alpha number{page}", page: page));
            }

            writer.BeginDocument(Samples.Document("blank.pdf"));
            writer.Add(Samples.Content("blank.pdf#page=1", page: 1));
            writer.Commit();
        }

        (IReadOnlyList<PageText> pages, int withoutText) = CollectionPages.Read(collection);

        Assert.Equal(620, pages.Select(page => page.Key).Distinct().Count());
        Assert.Equal(620, pages.Count);
        Assert.Equal(1, withoutText);
        Assert.Equal(["alpha", "number77"], pages.Single(page => page.Key == "long.pdf#page=77").Words);
    }
}
