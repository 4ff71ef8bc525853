using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Texts in, vectors stored: by the generator of the store, of the definition or of the property.</summary>
public sealed class EmbeddingGenerationTests : StoreFixture
{
    private static readonly string[] Texts = ["aaa", "bbb", "aab", "cde", "ee"];

    private readonly LettersGenerator _generator = new();

    private sealed class Note
    {
        [VectorStoreKey]
        public int Id { get; set; }

        [VectorStoreVector(5)]
        public string? Text { get; set; }
    }

    private sealed class NoteWithVector
    {
        [VectorStoreKey]
        public int Id { get; set; }

        [VectorStoreVector(5)]
        public float[]? Vector { get; set; }
    }

    [Theory]
    [InlineData("store")]
    [InlineData("definition")]
    [InlineData("property")]
    public async Task Search_ByText_FindsWhatTheGeneratorSaysIsNear(string where)
    {
        MultiVecVectorStore store = new(Library, new MultiVecVectorStoreOptions { EmbeddingGenerator = where == "store" ? _generator : null });
        VectorStoreCollectionDefinition definition = new()
        {
            EmbeddingGenerator = where == "definition" ? _generator : null,
            Properties =
            [
                new VectorStoreKeyProperty(nameof(Note.Id), typeof(int)),
                new VectorStoreVectorProperty(nameof(Note.Text), typeof(string), 5)
                {
                    EmbeddingGenerator = where == "property" ? _generator : null,
                },
            ],
        };
        MultiVecCollection<int, Note> collection = store.GetCollection<int, Note>("notes", definition);
        await collection.EnsureCollectionExistsAsync();

        await collection.UpsertAsync([.. Texts.Select((text, id) => new Note { Id = id, Text = text }), new Note { Id = 9 }]);
        int calls = _generator.CallCount;
        List<VectorSearchResult<Note>> found = await collection.SearchAsync("aa", 10).ToListAsync();

        Assert.Equal(1, calls);
        Assert.Equal(
            Texts.Select((text, id) => (id, Score: Cosine(LettersGenerator.Embed(text), LettersGenerator.Embed("aa"))))
                .OrderByDescending(pair => pair.Score).ThenBy(pair => pair.id).Select(pair => pair.id),
            found.Select(result => result.Record.Id));
    }

    [Fact]
    public async Task Search_ByTextOverStoredVectors_AsksTheGenerator()
    {
        MultiVecVectorStore store = new(Library, new MultiVecVectorStoreOptions { EmbeddingGenerator = _generator });
        MultiVecCollection<int, NoteWithVector> collection = store.GetCollection<int, NoteWithVector>("notes");
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync(Texts.Select((text, id) => new NoteWithVector { Id = id, Vector = LettersGenerator.Embed(text) }));

        Assert.Equal(1, Assert.Single(await collection.SearchAsync("b", 1).ToListAsync()).Record.Id);
        Assert.Equal(1, Assert.Single(await collection.SearchAsync(LettersGenerator.Embed("b"), 1).ToListAsync()).Record.Id);
        Assert.Equal(1, _generator.CallCount);
    }

    [Fact]
    public async Task IncludeVectors_OfGeneratedOnes_IsRefused()
    {
        MultiVecVectorStore store = new(Library, new MultiVecVectorStoreOptions { EmbeddingGenerator = _generator });
        MultiVecCollection<int, Note> collection = store.GetCollection<int, Note>("notes");
        await collection.EnsureCollectionExistsAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => collection.GetAsync(1, new RecordRetrievalOptions { IncludeVectors = true }));
        await Assert.ThrowsAsync<NotSupportedException>(async () =>
            await collection.SearchAsync("a", 1, new VectorSearchOptions<Note> { IncludeVectors = true }).ToListAsync());
    }

    [Fact]
    public async Task Generator_MissingOrOfOtherInputs_IsNamed()
    {
        MultiVecVectorStore store = new(Library, new MultiVecVectorStoreOptions { EmbeddingGenerator = _generator });

        Assert.Throws<InvalidOperationException>(() => Store.GetCollection<int, Note>("notes"));
        await Assert.ThrowsAsync<VectorStoreException>(async () =>
        {
            MultiVecCollection<int, Note> collection = store.GetCollection<int, Note>("notes");
            await collection.EnsureCollectionExistsAsync();
            await collection.SearchAsync(new DataContent(new byte[3], "image/png"), 1).ToListAsync();
        });
    }
}
