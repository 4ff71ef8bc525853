using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

public class FaultTests
{
    private static readonly CollectionOptions Options =
        new() { Spaces = [Samples.Space()], WriteBufferInBytes = 2000, MergeSegmentCount = 0 };

    [Fact]
    public void CommitAndMerge_AnyOperationFails_KeepTheFormerOrTheNewStateWhole()
    {
        int failing = 1;
        for (bool isThrough = false; !isThrough; failing++)
        {
            using TemporaryFolder folder = new();
            Fill(folder);
            string[] states = ["a1 b1", "a2 c2"];
            FaultyStorage storage = new(failing);
            using (Collection collection = Collection.Open(folder, writable: true, Options, storage))
            {
                bool hasFailed = TryCommit(collection) is not null;
                Assert.Equal(states[hasFailed ? 0 : 1], Describe(collection));
                hasFailed |= Try(() => collection.Upkeep.MergeSegments()) is not null;
                Assert.Contains(Describe(collection), states);
                if (hasFailed && storage.Operations.Count < 60)
                {
                    // The same collection takes the batch once the disk is well again.
                    Assert.Null(TryCommit(collection));
                    Assert.Equal(states[1], Describe(collection));
                }

                isThrough = storage.Operations.Count < failing;
            }

            using Collection reopened = Collection.Open(folder, writable: true, Options);
            Assert.Equal(states[1], Describe(reopened));
            Assert.Equal(reopened.GetStatistics().SegmentCount, Directory.GetFiles(Path.Combine(folder, "segments")).Length);
        }

        // The workload creates, writes, synchronises and commits several files: fewer steps would mean it does not reach the disk.
        Assert.InRange(failing, 20, 200);
    }

    [Fact]
    public void Commit_Always_SynchronisesFilesAndFolderBeforeTheCatalog()
    {
        using TemporaryFolder folder = new();
        Fill(folder);
        FaultyStorage storage = new(failingOperation: -1);
        using Collection collection = Collection.Open(folder, writable: true, Options, storage);

        TryCommit(collection);

        int commit = storage.Operations.IndexOf("commit");
        Assert.True(storage.Operations.LastIndexOf("write", commit) < storage.Operations.LastIndexOf("sync", commit));
        Assert.Equal("sync folder", storage.Operations[commit - 1]);
        Assert.Equal(storage.Operations.Take(commit).Count(o => o == "create"), storage.Operations.Take(commit).Count(o => o == "sync"));
        Assert.DoesNotContain("delete", storage.Operations.Take(commit));
    }

    [Fact]
    public void Commit_CatalogFull_ChangesNothingAndLaterGoesOn()
    {
        using TemporaryFolder folder = new();
        Fill(folder);
        using Collection collection = Collection.Open(folder, writable: true, Options);
        long pages = collection.Store.Catalog.Writer.ReadInt64("PRAGMA main.page_count")!.Value;
        collection.Store.Catalog.Writer.ReadInt64($"PRAGMA main.max_page_count = {pages}");
        EntryContent large = Samples.Content("big", text: string.Join(' ', Enumerable.Range(0, 50_000)));

        Assert.Throws<CatalogException>(() => Samples.AddDocument(collection, "big", large));

        Assert.Equal("a1 b1", Describe(collection));
        collection.Store.Catalog.Writer.ReadInt64("PRAGMA main.max_page_count = 1000000");
        Samples.AddDocument(collection, "big", large);
        Assert.NotNull(collection.Entries.Get("big"));
    }

    [Fact]
    public void Writer_AfterAFailedWrite_TakesNothingMore()
    {
        using TemporaryFolder folder = new();
        Fill(folder);
        using Collection collection = Collection.Open(folder, writable: true, Options, new FaultyStorage(1));
        using CollectionWriter writer = collection.BeginWrite();
        writer.BeginDocument(Samples.Document("x"));
        writer.Add(Samples.Content("x", Samples.Rows(new Random(1), 2, 8)));

        Assert.Throws<IOException>(() => writer.Commit());

        Assert.Throws<InvalidOperationException>(() => writer.Commit());
        Assert.Throws<InvalidOperationException>(() => writer.BeginDocument(Samples.Document("y")));
    }

    [Fact]
    public void Open_CatalogDamagedOrNewer_ThrowsTypedErrors()
    {
        using TemporaryFolder folder = new();
        Fill(folder);
        string path = Path.Combine(folder, "catalog.db");
        byte[] bytes = File.ReadAllBytes(path);

        byte[] newer = [.. bytes];
        newer[63] = 99; // user_version, bytes 60 to 63 of a SQLite file, big-endian
        File.WriteAllBytes(path, newer);
        Assert.Equal(99, Assert.Throws<UnsupportedFormatException>(() => Collection.Open(folder, writable: false)).Found);
        Assert.Equal(99, Assert.Throws<UnsupportedFormatException>(() => Collection.Open(folder, writable: true)).Found);

        File.WriteAllBytes(path, new byte[5000]);
        Assert.Equal(path, Assert.Throws<CatalogException>(() => Collection.Open(folder, writable: true)).Path);
        File.WriteAllBytes(path, bytes);
        Collection.Open(folder, writable: true).Dispose();
    }

    private static void Fill(string folder)
    {
        using Collection collection = Collection.Create(folder, Options);
        Samples.AddDocument(collection, "a", Entries("a", 1));
        Samples.AddDocument(collection, "b", Entries("b", 1));
    }

    private static EntryContent[] Entries(string key, int version)
    {
        Random random = new(version);
        return [.. Enumerable.Range(1, 3)
            .Select(page => Samples.Content($"{key}#page={page}", Samples.Rows(random, 20, 8), $"v{version}", page))];
    }

    private static IOException? TryCommit(Collection collection) => Try(() =>
    {
        using CollectionWriter writer = collection.BeginWrite();
        foreach (string key in new[] { "a", "c" })
        {
            writer.BeginDocument(Samples.Document(key));
            foreach (EntryContent entry in Entries(key, 2))
            {
                writer.Add(entry);
            }
        }

        writer.Delete("b");
        writer.Commit();
    });

    private static IOException? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (IOException exception)
        {
            return exception;
        }
    }

    // Documents with the version that text and rows agree on; anything half-done shows as a mismatch.
    private static string Describe(Collection collection)
    {
        Assert.Empty(collection.Upkeep.Verify().Problems);
        List<string> found = [];
        foreach (Document document in collection.Documents.List())
        {
            Assert.Equal(3, document.EntryCount);
            IReadOnlyList<Entry> entries = collection.Entries.List(document.Key);
            string version = collection.Entries.GetText(entries[0].Key)!.Text;
            EntryContent[] expected = Entries(document.Key, version[1] - '0');
            foreach ((Entry entry, EntryContent content) in entries.Zip(expected))
            {
                Assert.Equal(version, collection.Entries.GetText(entry.Key)!.Text);
                Assert.Equal(content.Vectors["words"].Values, collection.Entries.GetVectors(entry.Key, "words")!.Values);
            }

            found.Add(document.Key + version[1..]);
        }

        MultiVector query = Samples.Rows(new Random(9), 2, 8);
        Assert.Equal(3 * found.Count, collection.Search(new SearchRequest { Vectors = [Samples.Query(query)], Top = 100 }).Hits.Count);
        return string.Join(' ', found);
    }
}
