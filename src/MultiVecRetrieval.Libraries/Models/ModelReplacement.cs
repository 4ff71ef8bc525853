namespace MultiVecRetrieval;

/// <summary>What became of a model that was to take the place of another.</summary>
/// <param name="OldSpace">The space of the old model.</param>
/// <param name="NewSpace">That of the new one.</param>
/// <param name="Report">What the run encoded.</param>
/// <param name="MissingCount">Entries that the old space has and the new one lacks.</param>
/// <param name="Agreement">Of stored entries as examples, what share of the ten most alike is the same by both spaces, in [0, 1]; null
/// where there are too few entries to say, or nothing was switched. Models that differ need not agree: it says how much will look
/// different.</param>
/// <param name="IsSwitched">True when the new space is asked now; false when entries are missing and that was not allowed: the old space is
/// asked still, and the same request goes on.</param>
public sealed record ModelReplacement(
    string OldSpace, string NewSpace, IndexReport Report, long MissingCount, double? Agreement, bool IsSwitched);
