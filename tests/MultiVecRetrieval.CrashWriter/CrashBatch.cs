using System.Globalization;

namespace MultiVecRetrieval.CrashWriter;

/// <summary>One batch of the crash test: which documents it writes or deletes, decided by its number and the seed alone.</summary>
public sealed class CrashBatch
{
    /// <summary>Documents that batches write to.</summary>
    public const int DocumentCount = 24;

    private readonly List<(string Key, bool IsDelete)> _changes = [];

    /// <summary>Makes the batch of a number.</summary>
    public CrashBatch(int seed, int number)
    {
        Seed = seed;
        Number = number;
        Random random = new((seed * 100_003) + number);
        int count = random.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            _changes.Add(($"d{random.Next(DocumentCount).ToString("00", CultureInfo.InvariantCulture)}", random.Next(4) == 0));
        }
    }

    /// <summary>The seed of the run.</summary>
    public int Seed { get; }

    /// <summary>The number of the batch, which is the version of every document that it writes.</summary>
    public int Number { get; }

    /// <summary>Writes the batch, without committing.</summary>
    public void Write(CollectionWriter writer)
    {
        foreach ((string key, bool isDelete) in _changes)
        {
            if (isDelete)
            {
                writer.Delete(key);
                continue;
            }

            CrashDocument document = new(Seed, key, Number);
            writer.BeginDocument(document.Document);
            foreach (EntryContent entry in document.Entries)
            {
                writer.Add(entry);
            }
        }
    }

    /// <summary>Does to the model what the batch does to the collection.</summary>
    public void Apply(IDictionary<string, int> versions)
    {
        foreach ((string key, bool isDelete) in _changes)
        {
            if (isDelete)
            {
                versions.Remove(key);
            }
            else
            {
                versions[key] = Number;
            }
        }
    }
}
