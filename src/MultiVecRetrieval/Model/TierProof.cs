namespace MultiVecRetrieval;

/// <summary>What was measured of the upper bounds of a tier: how far they prove a search exact.</summary>
/// <param name="NanosecondsPerEntryAndQueryRow">Processor time for the bound of one entry and one query row, on the machine that
/// measured.</param>
/// <param name="Shares">By number of hits.</param>
public sealed record TierProof(double NanosecondsPerEntryAndQueryRow, IReadOnlyList<ProofShare> Shares);
