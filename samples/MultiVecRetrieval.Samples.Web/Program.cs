using MultiVecRetrieval;

// A search of one's own in a web program: GET /find?words=... over the collection "default" of the folder indexes.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddMultiVecRetrieval(options => options with { ReadOnly = true });
WebApplication app = builder.Build();
app.MapGet("/find", (string words, Library library, CancellationToken cancellationToken) =>
    library.Search(new LibraryQuery { Collection = "default", Text = words, Top = 5 }, cancellationToken)
        .Hits.Select(hit => new { hit.Rank, hit.Entry.Key, hit.Score, Words = hit.Matches.Select(match => match.Label) }));
app.MapGet("/picture", (string key, Library library, CancellationToken cancellationToken) =>
    Results.Bytes(library.GetPicture("default", key, longSide: 800, cancellationToken: cancellationToken), "image/jpeg"));
app.Run();
