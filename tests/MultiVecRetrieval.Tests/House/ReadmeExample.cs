
namespace MultiVecRetrieval.Tests.House;

/// <summary>The README's example, kept equal to it by <see cref="ReadmeTests"/>, so that what the README shows compiles and runs.</summary>
internal static class ReadmeExample
{
    public static async Task RunAsync(TextWriter Console)
    {
        // README begins
        using Library library = new(new LibraryOptions { DataFolder = "indexes" });
        IndexReport report = await library.IndexAsync(new IndexRequest { Collection = "manuals", Paths = ["manuals"] });
        Console.WriteLine($"{report.Indexed} files, {report.EntriesAdded} entries, {report.Failed.Count} failed");
        SearchResult result = await library.SearchAsync(new LibraryQuery { Collection = "manuals", Text = "pump pressure", Top = 5 });
        foreach (SearchHit hit in result.Hits)
        {
            string words = string.Join(", ", hit.Matches.Where(match => match.IsLikely).Select(match => match.Label));
            Console.WriteLine($"{hit.Rank}. {hit.Entry.Key} {hit.Score:0.000} {words}");
        }
        // README ends
    }
}
