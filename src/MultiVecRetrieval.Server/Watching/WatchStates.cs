using System.Collections.Concurrent;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Watching;

/// <summary>How the watching of each collection goes. Thread-safe.</summary>
internal sealed class WatchStates
{
    private readonly ConcurrentDictionary<string, WatchBody> _states = new(StringComparer.Ordinal);

    /// <summary>The state of a collection; null where it is not watched.</summary>
    public WatchBody? Find(string collection) => _states.GetValueOrDefault(collection);

    public void Change(string collection, Func<WatchBody, WatchBody> change) =>
        _states.AddOrUpdate(collection, _ => change(new WatchBody()), (_, known) => change(known));
}
