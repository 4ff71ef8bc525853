using MultiVecRetrieval;

// A search of one's own in a web program: GET /find?words=... over the collection "default" of the folder indexes.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddMultiVecRetrieval(options => options with { ReadOnly = true });
WebApplication app = builder.Build();
app.MapGet("/find", async (string words, Library library, CancellationToken cancellationToken) =>
{
    LibraryQuery query = new() { Collection = "default", Text = words, Top = 5 };
    SearchResult result = await library.SearchAsync(query, cancellationToken);
    return result.Hits.Select(hit => new { hit.Rank, hit.Entry.Key, hit.Score, Words = hit.Matches.Select(match => match.Label) });
});
app.MapGet("/picture", async (string key, Library library, CancellationToken cancellationToken) =>
    Results.Bytes(await library.GetPictureAsync("default", key, longSide: 800, cancellationToken: cancellationToken), "image/jpeg"));
app.Run();
