namespace MultiVecRetrieval.Training;

/// <summary>Vectors of the same documents under an old and a new model, to train the new one to search the old one's codes.</summary>
public sealed record CompatibleSample
{
    /// <summary>Documents, and queries when there are any, under the new model.</summary>
    public required BinarizerSample New { get; init; }

    /// <summary>d of the old model's rows.</summary>
    public required int OldDimension { get; init; }

    /// <summary>The same documents under the old model, [documents × <see cref="OldDimension"/>] in the same order.</summary>
    public required float[] OldDocuments { get; init; }

    /// <summary>The same queries under the old model, in the same order; empty when there are none. They make the ridge map good for
    /// queries too.</summary>
    public float[] OldQueries { get; init; } = [];

    /// <exception cref="ArgumentException">The lengths do not fit together, or a value is not finite.</exception>
    internal void Check()
    {
        New.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(OldDimension, 1);
        CheckRows(OldDocuments, New.Documents.Length / New.Dimension, "documents");
        if (OldQueries.Length > 0)
        {
            CheckRows(OldQueries, New.Queries.Length / New.Dimension, "queries");
        }
    }

    private void CheckRows(float[] values, int count, string what)
    {
        if (values.Length != (long)count * OldDimension)
        {
            throw new ArgumentException($"{values.Length} values of old {what} given, expected {count} x {OldDimension}.");
        }

        int wrong = Array.FindIndex(values, value => !float.IsFinite(value));
        if (wrong >= 0)
        {
            throw new ArgumentException($"Value {wrong % OldDimension} of the old {what}, row {wrong / OldDimension}, is {values[wrong]}.");
        }
    }
}
