using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Models of a library as generators: what they give is what the library encodes.</summary>
public sealed class ModelEmbeddingTests : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly PlantedEncoder _one = PlantedEncoder.CreateSplit();
    private readonly PlantedEncoder _many = PlantedEncoder.CreateRows();
    private readonly Library _library;

    public ModelEmbeddingTests() => _library = new Library(new LibraryOptions { DataFolder = _data.PathOf("indexes") });

    public void Dispose()
    {
        _library.Dispose();
        _one.Dispose();
        _many.Dispose();
        _data.Dispose();
    }

    private sealed class Swatch
    {
        [VectorStoreKey]
        public int Id { get; set; }

        [VectorStoreVector(4)]
        public string? Words { get; set; }
    }

    [Fact]
    public async Task Generate_Texts_AreThoseThatTheLibraryEncodes()
    {
        using LibraryEmbeddingGenerator generator = _library.AsEmbeddingGenerator(_one.Folder);
        string[] texts = ["red", "a photo of green and blue", "white"];

        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(texts);

        IReadOnlyList<EncodedInput> encoded = await EncodeAsync(_one, texts);
        EmbeddingGeneratorMetadata metadata = (EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!;
        Assert.Equal(encoded.Select(one => one.Rows.Values.ToArray()), embeddings.Select(one => one.Vector.ToArray()));
        Assert.Equal(encoded.Sum(one => one.TokenCount), embeddings.Usage!.InputTokenCount);
        Assert.Equal(_library.GetEncoder(_one.Folder).Contract.Name, metadata.DefaultModelId);
        Assert.Equal(embeddings[0].Dimensions, metadata.DefaultModelDimensions);
        Assert.All(embeddings, embedding => Assert.Equal(metadata.DefaultModelId, embedding.ModelId));
        Assert.Empty(await generator.GenerateAsync(Array.Empty<string>()));
    }

    [Fact]
    public async Task Generate_Pictures_AreNearTheirColours()
    {
        using LibraryEmbeddingGenerator generator = _library.AsEmbeddingGenerator(_one.Folder);
        byte[] pixels = [.. Enumerable.Repeat<byte[]>([255, 0, 0, 255], 16 * 16).SelectMany(pixel => pixel)];
        DataContent red = new(ImageDecoder.EncodePng(pixels, 16, 16), "image/png");

        float[] picture = (await generator.GenerateAsync([red]))[0].Vector.ToArray();
        GeneratedEmbeddings<Embedding<float>> words = await generator.GenerateAsync(["red", "blue"]);

        Assert.True(Likeness(picture, words[0].Vector.Span) > Likeness(picture, words[1].Vector.Span));
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync([new DataContent(new byte[3], "audio/wav")]));
        await Assert.ThrowsAsync<InvalidInputException>(() => generator.GenerateAsync([new DataContent(new byte[3], "image/png")]));
    }

    [Fact]
    public async Task Generate_ManyVectors_AreTheRowsOfTheModel()
    {
        using MultiVectorEmbeddingGenerator generator = _library.AsMultiVectorEmbeddingGenerator(_many.Folder);

        GeneratedEmbeddings<MultiVectorEmbedding> embeddings = await generator.GenerateAsync(["red and blue", "green"]);

        IReadOnlyList<EncodedInput> encoded = await EncodeAsync(_many, ["red and blue", "green"]);
        Assert.True(embeddings[0].Rows.RowCount > 1);
        Assert.Equal(encoded.Select(one => one.Rows.Values.ToArray()), embeddings.Select(one => one.Rows.Values.ToArray()));
        Assert.Equal(encoded[0].Rows.Dimension, embeddings[0].Dimensions);
        Assert.Contains(
            nameof(MultiVectorEmbeddingGenerator),
            Assert.Throws<ArgumentException>(() => _library.AsEmbeddingGenerator(_many.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_OtherDimensions_AreRefusedWhereTheModelCannotShorten()
    {
        using LibraryEmbeddingGenerator generator = _library.AsEmbeddingGenerator(_one.Folder);

        InvalidInputException error = await Assert.ThrowsAsync<InvalidInputException>(
            () => generator.GenerateAsync(["red"], new EmbeddingGenerationOptions { Dimensions = 2 }));

        Assert.Equal("dimensions", error.Parameter);
        await Assert.ThrowsAsync<ModelNotFoundException>(
            () => generator.GenerateAsync(["red"], new EmbeddingGenerationOptions { ModelId = "nobody" }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => generator.GenerateAsync(["red"], cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Collection_WithAModelOfManyVectors_IsRankedByMaxSim()
    {
        using MultiVectorEmbeddingGenerator generator = _library.AsMultiVectorEmbeddingGenerator(_many.Folder);
        using MultiVecVectorStore store = _library.AsVectorStore(new MultiVecVectorStoreOptions { EmbeddingGenerator = generator });
        MultiVecCollection<int, Swatch> collection = store.GetCollection<int, Swatch>("swatches");
        string[] texts = ["red", "green and blue", "white and black", "yellow"];
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync(texts.Select((words, id) => new Swatch { Id = id, Words = words }));

        List<VectorSearchResult<Swatch>> found = await collection.SearchAsync("blue and green", 4).ToListAsync();

        IReadOnlyList<EncodedInput> stored = await EncodeAsync(_many, texts);
        MultiVector query = (await _library.EncodeAsync(new EncodeRequest
        {
            Model = _many.Folder,
            Inputs = [new EncodeInput { Text = "blue and green", Role = TextRole.Query }],
        }))[0].Rows;
        double[] expected = [.. stored.Select(one => Enumerable.Range(0, query.RowCount).Sum(q =>
            Enumerable.Range(0, one.Rows.RowCount).Max(row => Likeness(query.Row(q), one.Rows.Row(row))))).OrderDescending()];
        Assert.Equal(1, found[0].Record.Id);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second.Score!.Value, tolerance: 1e-5));
    }

    private Task<IReadOnlyList<EncodedInput>> EncodeAsync(PlantedEncoder model, string[] texts) => _library.EncodeAsync(
        new EncodeRequest { Model = model.Folder, Inputs = [.. texts.Select(text => new EncodeInput { Text = text })] });

    private static double Likeness(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }

        return aa * bb == 0 ? 0 : dot / Math.Sqrt(aa * bb);
    }
}
