using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>A library in a folder of its own, with a vector store over it.</summary>
public abstract class StoreFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected StoreFixture()
    {
        Library = new Library(new LibraryOptions { DataFolder = _folder });
        Store = new MultiVecVectorStore(Library);
    }

    protected Library Library { get; }

    protected MultiVecVectorStore Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        Library.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<MultiVecCollection<TKey, TRecord>> CreateAsync<TKey, TRecord>(string name, params TRecord[] records)
        where TKey : notnull
        where TRecord : class
    {
        MultiVecCollection<TKey, TRecord> collection = Store.GetCollection<TKey, TRecord>(name);
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync(records);
        return collection;
    }

    protected static float[] RandomRow(Random random, int dimension) =>
        [.. Enumerable.Range(0, dimension).Select(_ => (float)((random.NextDouble() * 2) - 1))];

    protected static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    protected static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
}
