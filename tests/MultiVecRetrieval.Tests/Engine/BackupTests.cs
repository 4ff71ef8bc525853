using System.Formats.Tar;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>A backup is a generation as it was; what is not all of one is refused.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Restore_Backup_AnswersAsTheCollectionDid()
    {
        using Collection collection = Create(documents: 30);
        collection.Tiers.Set("words", ["int8"]);
        collection.Upkeep.Run();
        string upload = _folder.PathOf("picture.png");
        File.WriteAllText(upload, "an upload");
        SearchResult before = Search(collection);

        using MemoryStream archive = new();
        BackupReport written = collection.Upkeep.BackUp(archive, new Dictionary<string, string> { ["picture.png"] = upload });
        archive.Position = 0;
        BackupReport read = Collection.Restore(archive, _folder.PathOf("restored"));

        using Collection restored = Collection.Open(_folder.PathOf("restored"), writable: true);
        Assert.Equal(written, read);
        Assert.Empty(restored.Upkeep.Verify().Problems);
        Assert.Equal(
            before.Hits.Select(hit => (hit.Entry.Key, hit.Score)), Search(restored).Hits.Select(hit => (hit.Entry.Key, hit.Score)));
        Assert.Equal("int8", Assert.Single(restored.Tiers.Get("words")).Spec);
        Assert.Equal("an upload", File.ReadAllText(Path.Combine(restored.Folder, "uploads", "picture.png")));
        Samples.AddDocument(restored, "later", Samples.Content("later", Samples.Rows(new Random(1), 2, 8)));
        Assert.Equal(31, restored.GetStatistics().DocumentCount);
    }

    [Fact]
    public async Task BackUp_WhileItIsWritten_IsOneGeneration()
    {
        using Collection collection = Create(documents: 5);
        using CancellationTokenSource stop = new();
        Task writing = Task.Run(() =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                // Two documents of each commit: a state between them was never there.
                using CollectionWriter writer = collection.BeginWrite();
                foreach (string name in new[] { "a", "b" })
                {
                    writer.BeginDocument(Samples.Document($"{name}{i:0000}"));
                    writer.Add(Samples.Content($"{name}{i:0000}", Samples.Rows(new Random(i), 3, 8)));
                }

                writer.Commit();
            }
        });
        for (int copy = 0; copy < 8; copy++)
        {
            using MemoryStream archive = new();
            collection.Upkeep.BackUp(archive);
            archive.Position = 0;
            Collection.Restore(archive, _folder.PathOf($"copy{copy}"));
            using Collection restored = Collection.Open(_folder.PathOf($"copy{copy}"), writable: false);
            string[] keys = [.. restored.Documents.List(limit: 100_000).Select(document => document.Key)];

            Assert.Empty(restored.Upkeep.Verify().Problems);
            Assert.Equal(
                keys.Where(key => key[0] == 'a').Select(key => key[1..]), keys.Where(key => key[0] == 'b').Select(key => key[1..]));
            Assert.Equal(keys.Length, restored.GetStatistics().RowsBySpace["words"] / 3);
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public void Restore_ArchiveCutAnywhere_IsRefusedAndLeavesNothing()
    {
        using Collection collection = Create(documents: 3);
        using MemoryStream archive = new();
        collection.Upkeep.BackUp(archive);
        byte[] bytes = archive.ToArray();

        // The end of a tar archive is two blocks of zeros, and padding; before them stands the manifest.
        int end = bytes.Length;
        while (bytes[end - 1] == 0)
        {
            end--;
        }

        for (int length = 0; length < end; length += Math.Max(1, end / 97))
        {
            Assert.Throws<InvalidDataException>(() => Collection.Restore(new MemoryStream(bytes[..length]), _folder.PathOf("cut")));
        }

        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder), path => path.Contains("cut", StringComparison.Ordinal));
    }

    [Fact]
    public void Restore_AnyByteChanged_IsRefusedOrGivesTheSameFiles()
    {
        using Collection collection = Create(documents: 3);
        using MemoryStream archive = new();
        collection.Upkeep.BackUp(archive);
        byte[] bytes = archive.ToArray();
        Random random = new(3);
        for (int i = 0; i < 60; i++)
        {
            byte[] changed = [.. bytes];
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            string folder = _folder.PathOf($"changed{i}");
            try
            {
                Collection.Restore(new MemoryStream(changed), folder);
            }
            catch (Exception refused) when (refused is InvalidDataException or UnsupportedFormatException)
            {
                Assert.False(Path.Exists(folder));
                continue;
            }

            // Dates, padding and the like say nothing of what is in it.
            using Collection restored = Collection.Open(folder, writable: false);
            Assert.Empty(restored.Upkeep.Verify().Problems);
            Assert.Equal(Search(collection).Keys(), Search(restored).Keys());
        }
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("segments/../../escape")]
    [InlineData("/etc/escape")]
    [InlineData("segments/a/b")]
    [InlineData("other.txt")]
    public void Restore_ArchiveWithAForeignName_IsRefused(string name)
    {
        using MemoryStream archive = new();
        using (TarWriter writer = new(archive, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1, 2, 3]) });
        }

        archive.Position = 0;

        Assert.Throws<InvalidDataException>(() => Collection.Restore(archive, _folder.PathOf("deep/inside/c")));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories),
            path => path.Contains("escape", StringComparison.Ordinal));
    }

    [Fact]
    public void Restore_OverSomething_IsRefused()
    {
        using Collection collection = Create(documents: 1);
        using MemoryStream archive = new();
        collection.Upkeep.BackUp(archive);
        archive.Position = 0;

        Assert.Throws<CollectionExistsException>(() => Collection.Restore(archive, collection.Folder));
    }

    private Collection Create(int documents)
    {
        Collection collection = Collection.Create(_folder.PathOf("c"), new CollectionOptions { Spaces = [Samples.Space()] });
        Random random = new(5);
        for (int i = 0; i < documents; i++)
        {
            Samples.AddDocument(collection, $"d{i:00}", Samples.Content($"d{i:00}", Samples.Rows(random, 3, 8), text: $"number {i}"));
        }

        return collection;
    }

    private static SearchResult Search(Collection collection) => collection.Search(
        new SearchRequest { Vectors = [Samples.Query(Samples.Rows(new Random(9), 2, 8))], Text = "number" });
}
