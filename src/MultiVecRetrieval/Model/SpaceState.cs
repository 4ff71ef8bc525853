namespace MultiVecRetrieval;

/// <summary>Whether a space takes part; see <see cref="Collection.SwitchSpace"/>.</summary>
public enum SpaceState
{
    /// <summary>Filled and asked.</summary>
    Live = 0,

    /// <summary>Filled, so that it can take the place of its <see cref="Space.Counterpart"/>; not asked yet.</summary>
    Filling = 1,

    /// <summary>Its <see cref="Space.Counterpart"/> took its place. Its rows are kept, so that it can be taken back; new entries have
    /// none.</summary>
    Kept = 2,
}
