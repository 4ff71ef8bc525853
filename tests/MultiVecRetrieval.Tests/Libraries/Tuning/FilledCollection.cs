using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Engine;

namespace MultiVecRetrieval.Tests.Libraries.Tuning;

/// <summary>A collection of the bundled model's space with text and random rows: enough entries to tune and to build tiers on.</summary>
internal static class FilledCollection
{
    public const int EntryCount = 120;

    public static readonly string[] Words =
        ["pressure", "hydraulic", "invoice", "theorem", "matrix", "kernel", "garden", "harbour", "lantern", "molecule", "violin", "quartz"];

    /// <returns>The name of the space.</returns>
    public static string Write(Library library, string name, string? reduction = null)
    {
        Collection collection = library.CreateCollection(name, ["words-only"], reduction);
        Space space = collection.Spaces[0];
        Random random = new(Seed: 3);
        using CollectionWriter writer = collection.BeginWrite(TestContext.Current.CancellationToken);
        for (int i = 0; i < EntryCount; i++)
        {
            string text =
                string.Join(' ', Enumerable.Range(0, 30).Select(_ => Words[random.Next(Words.Length)] + (char)('a' + random.Next(26))));
            writer.BeginDocument(Samples.Document($"d{i:000}"));
            writer.Add(Samples.Content($"d{i:000}#page=1", text: text) with
            {
                Vectors = new Dictionary<string, MultiVector> { [space.Name] = Samples.Rows(random, 5, space.Dimension) },
            });
        }

        writer.Commit();
        return space.Name;
    }
}
