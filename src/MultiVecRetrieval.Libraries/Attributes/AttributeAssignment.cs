using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;

namespace MultiVecRetrieval.Libraries.Attributes;

/// <summary>Finds the values of attributes in entries that were not compared yet. What was found is kept when it is stopped.</summary>
internal sealed class AttributeAssignment(AttributeSpaces spaces)
{
    private const int BatchSize = 1_000;

    /// <summary>Brings every attribute up to date; one whose model is missing or does not answer is left as it is.</summary>
    /// <returns>What could not be done, for people.</returns>
    public IReadOnlyList<string> RunAll(Collection collection, CancellationToken cancellationToken)
    {
        List<string> notices = [];
        foreach (AttributeState state in collection.Attributes.List())
        {
            try
            {
                notices.AddRange(Run(collection, state.Attribute, progress: null, cancellationToken));
            }
            catch (Exception error) when (error is ModelNotFoundException or ModelFormatException or RemoteEncoderException
                or InvalidQueryException or UnknownSpaceException)
            {
                notices.Add($"Attribute '{state.Attribute.Name}' was not looked for: {error.Message}");
            }
        }

        return notices;
    }

    /// <summary>Brings one attribute up to date.</summary>
    /// <returns>What the model reads nothing in, for people.</returns>
    public IReadOnlyList<string> Run(
        Collection collection, AttributeDefinition attribute, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        EncodedAttribute encoded = spaces.Encode(collection.Spaces, attribute, cancellationToken);
        collection.Attributes.UseSpace(attribute.Name, encoded.Space.Id);
        long total = collection.Attributes.Find(attribute.Name)?.WaitingEntryCount ?? 0;
        long done = 0;
        while (collection.Attributes.ListWaiting(attribute.Name, BatchSize) is { Count: > 0 } keys)
        {
            using Snapshot snapshot = collection.OpenSnapshot();
            Dictionary<string, IReadOnlyList<AttributeValue>> values = new(StringComparer.Ordinal);
            foreach (string key in keys)
            {
                cancellationToken.ThrowIfCancellationRequested();
                values[key] = snapshot.Entries.GetVectors(key, encoded.Space.Name) is { RowCount: > 0 } rows ? encoded.Judge(rows) : [];
            }

            collection.Attributes.Save(attribute.Name, values);
            done += keys.Count;
            progress?.Report(string.Create(CultureInfo.InvariantCulture,
                $"looking for {attribute.Name}: {done} of {Math.Max(done, total)} entries"));
        }

        return [.. encoded.Unread.Select(value => $"The model reads nothing in '{value}' of attribute '{attribute.Name}'; no entry has it.")];
    }
}
