using MultiVecRetrieval.Files;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Storage whose n-th operation fails, once; records what was done.</summary>
internal sealed class FaultyStorage(int failingOperation) : Storage
{
    private readonly Lock _gate = new();

    public List<string> Operations { get; } = [];

    public override FileStream Create(string path)
    {
        Step("create");
        return base.Create(path);
    }

    public override void Write(FileStream file, ReadOnlySpan<byte> bytes)
    {
        Step("write");
        base.Write(file, bytes);
    }

    public override void Sync(FileStream file)
    {
        Step("sync");
        base.Sync(file);
    }

    public override void SyncFolder(string folder)
    {
        Step("sync folder");
        base.SyncFolder(folder);
    }

    public override void Delete(string path)
    {
        Step("delete");
        base.Delete(path);
    }

    public override void BeforeCommit() => Step("commit");

    private void Step(string operation)
    {
        lock (_gate)
        {
            Operations.Add(operation);
            if (Operations.Count == failingOperation)
            {
                throw new IOException($"No space left on device (operation {failingOperation}, {operation}).");
            }
        }
    }
}
