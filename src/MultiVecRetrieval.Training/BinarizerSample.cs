namespace MultiVecRetrieval.Training;

/// <summary>Vectors to train a binariser on: documents, and queries when there are any, with the document that each of them asks
/// for.</summary>
public sealed record BinarizerSample
{
    /// <summary>d, the length of a row.</summary>
    public required int Dimension { get; init; }

    /// <summary>[documents × d] row-major; equal rows count as one document.</summary>
    public required float[] Documents { get; init; }

    /// <summary>[queries × d] row-major. Empty: documents are their own queries, and their nearest neighbours are the answers.</summary>
    public float[] Queries { get; init; } = [];

    /// <summary>The document that answers each query. Empty: the nearest documents by inner product are the answers.</summary>
    public int[] Positives { get; init; } = [];

    /// <summary>Throws unless the lengths fit together and all values are finite.</summary>
    /// <exception cref="ArgumentException">They do not; the message says which.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Dimension, 1);
        int documents = Documents.Length / Dimension, queries = Queries.Length / Dimension;
        if (Documents.Length % Dimension != 0 || Queries.Length % Dimension != 0)
        {
            throw new ArgumentException($"{Documents.Length} and {Queries.Length} values are no whole numbers of rows of d = {Dimension}.");
        }

        if (Positives.Length != 0 && Positives.Length != queries)
        {
            throw new ArgumentException($"{Positives.Length} positives given for {queries} queries.");
        }

        int wrong = Array.FindIndex(Positives, document => (uint)document >= (uint)documents);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Query {wrong} asks for document {Positives[wrong]} of {documents}.");
        }

        CheckFinite(Documents, "document");
        CheckFinite(Queries, "query");
    }

    private void CheckFinite(float[] values, string what)
    {
        int wrong = Array.FindIndex(values, value => !float.IsFinite(value));
        if (wrong >= 0)
        {
            throw new ArgumentException($"Value {wrong % Dimension} of {what} {wrong / Dimension} is {values[wrong]}.");
        }
    }
}
