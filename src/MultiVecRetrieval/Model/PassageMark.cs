namespace MultiVecRetrieval;

/// <summary>A word of a passage that was asked for.</summary>
/// <param name="Offset">Start in the passage, in UTF-16 units.</param>
/// <param name="Length">Length in UTF-16 units.</param>
public readonly record struct PassageMark(int Offset, int Length);
