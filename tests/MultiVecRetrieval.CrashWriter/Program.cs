using System.Globalization;
using MultiVecRetrieval;
using MultiVecRetrieval.CrashWriter;

// Writes batches to a collection until it is killed: FOLDER SEED FIRST-BATCH. Prints "try N" before a commit and "done N" after it.
string folder = args[0];
int seed = int.Parse(args[1], CultureInfo.InvariantCulture);
int first = int.Parse(args[2], CultureInfo.InvariantCulture);

// Tiers are built in the background, and dropped and built anew now and then, so that kills fall into that too. A small buffer spills
// within a batch, and few segments are enough for a merge, so that kills fall into all of it.
CollectionOptions options = new() { Spaces = [CrashDocument.Space], WriteBufferInBytes = 6000, MergeSegmentCount = 3 };
using Stream output = Console.OpenStandardOutput();
void Say(string line)
{
    output.Write(System.Text.Encoding.ASCII.GetBytes(line + "\n"));
    output.Flush();
}

Say("open");
using Collection collection = Collection.Exists(folder)
    ? Collection.Open(folder, writable: true, options)
    : Collection.Create(folder, options);
for (int number = first; ; number++)
{
    if (number % 5 == 0)
    {
        collection.Tiers.Set(CrashDocument.Space.Name, number % 10 == 0 ? ["int8"] : ["int8", "float16"]);
    }

    using CollectionWriter writer = collection.BeginWrite();
    new CrashBatch(seed, number).Write(writer);
    Say($"try {number}");
    writer.Commit();
    Say($"done {number}");
    if (number % 17 == 0)
    {
        collection.Upkeep.MergeSegments();
    }
}
