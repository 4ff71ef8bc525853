namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>Reductions one after the other, each of what the one before left.</summary>
/// <remarks>A merged row goes on with the box around the places of its rows and with the highest of their saliencies.</remarks>
internal sealed class ChainReducer(string spec, IReadOnlyList<RowReducer> stages) : RowReducer(spec)
{
    public override bool NeedsSaliency { get; } = stages.Any(stage => stage.NeedsSaliency);

    // What comes after an ordering may cut it, but merging or choosing anew would mix it up.
    public override bool MakesUsablePrefixes { get; } = stages.LastOrDefault(stage => stage is not PrefixReducer)?.MakesUsablePrefixes
        ?? false;

    private protected override ReducedRows ReduceRows(ReductionSource source)
    {
        ReducedRows result = RowGroups.KeepAll(source);
        foreach (RowReducer stage in stages)
        {
            ReducedRows next = stage.Reduce(new ReductionSource
            {
                Rows = new MultiVectorView(result.Dimension, result.Values),
                Places = GetPlaces(source.Places, result),
                Saliency = GetSaliency(source.Saliency, result),
            });
            result = next with { Owners = [.. result.Owners.Select(owner => owner < 0 ? -1 : next.Owners[owner])] };
        }

        return result;
    }

    private static Place[] GetPlaces(ReadOnlySpan<Place> places, ReducedRows rows)
    {
        Place?[] merged = new Place?[places.IsEmpty ? 0 : rows.RowCount];
        for (int i = 0; i < places.Length; i++)
        {
            if (rows.Owners[i] is >= 0 and int owner)
            {
                merged[owner] = merged[owner] is { } known ? PlaceGroups.Union(known, places[i]) : places[i];
            }
        }

        // A row that stands for none of the source, which no stage makes, would have no place.
        return [.. merged.Select(place => place!.Value)];
    }

    private static float[] GetSaliency(ReadOnlySpan<float> saliency, ReducedRows rows)
    {
        float[] merged = new float[saliency.IsEmpty ? 0 : rows.RowCount];
        Array.Fill(merged, float.MinValue);
        for (int i = 0; i < saliency.Length; i++)
        {
            if (rows.Owners[i] is >= 0 and int owner)
            {
                merged[owner] = Math.Max(merged[owner], saliency[i]);
            }
        }

        return merged;
    }
}
