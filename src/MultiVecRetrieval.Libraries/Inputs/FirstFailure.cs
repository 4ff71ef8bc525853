using System.Runtime.ExceptionServices;

namespace MultiVecRetrieval.Libraries.Inputs;

/// <summary>The failure of least index of work that is begun in order and ends in any: the same one whatever ends first.
/// Thread-safe.</summary>
internal sealed class FirstFailure
{
    private readonly Lock _lock = new();
    private int _index = int.MaxValue;
    private ExceptionDispatchInfo? _error;

    /// <summary>True when work before <paramref name="index"/> failed, so that this need not be begun.</summary>
    public bool IsBefore(int index) => Volatile.Read(ref _index) < index;

    public void Add(int index, Exception error)
    {
        lock (_lock)
        {
            if (index < _index)
            {
                _index = index;
                _error = ExceptionDispatchInfo.Capture(error);
            }
        }
    }

    /// <summary>Throws the failure; nothing when there was none.</summary>
    public void Throw() => _error?.Throw();
}
