using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Writing;

/// <summary>The reductions of the spaces that a batch writes to.</summary>
internal sealed class SpaceReductions
{
    private readonly Dictionary<string, RowReducer> _reducers = new(StringComparer.Ordinal);

    /// <summary>The rows as the space stores them: reduced, unless they come from where that was done.</summary>
    public MultiVector Apply(Space space, MultiVector rows)
    {
        if (space.Reduction is not { } spec || rows.Reduction == spec)
        {
            return rows;
        }

        if (!_reducers.TryGetValue(spec, out RowReducer? reducer))
        {
            _reducers[spec] = reducer = Reductions.Parse(spec);
        }

        return reducer.Reduce(rows);
    }
}
