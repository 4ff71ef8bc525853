using MultiVecRetrieval;

// find-pages FOLDER WORDS...: indexes a folder, then prints the pages, pictures and moments that match best.
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: find-pages FOLDER WORDS...");
    return 2;
}

using Library library = new(new LibraryOptions { DataFolder = Path.Combine(args[0], ".find-pages") });
IndexReport report = await library.IndexAsync(
    new IndexRequest { Collection = "files", Paths = [args[0]] },
    new Progress<IndexProgress>(progress => Console.Error.Write($"\r{progress.FilesDone} of {progress.FilesTotal} files")));
Console.Error.WriteLine($"\n{report.Indexed} indexed, {report.Unchanged} unchanged, {report.Failed.Count} failed");
foreach (FailedFile failed in report.Failed)
{
    Console.Error.WriteLine($"{failed.Path}: {failed.Reason}");
}

SearchResult result = await library.SearchAsync(new LibraryQuery { Collection = "files", Text = string.Join(' ', args[1..]), Top = 5 });
foreach (SearchHit hit in result.Hits)
{
    Console.WriteLine($"{hit.Rank}. {hit.Entry.Key}  {hit.Score:0.000}");
    foreach (HitMatch match in hit.Matches.Where(match => match.IsLikely))
    {
        Console.WriteLine($"   '{match.Label}' at {match.Place.Left:p0}, {match.Place.Top:p0}");
    }
}

Console.WriteLine(result.HasMore ? "There are more." : "That is all.");
return 0;
