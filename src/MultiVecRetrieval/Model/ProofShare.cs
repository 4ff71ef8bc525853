namespace MultiVecRetrieval;

/// <summary>How many entries upper bounds leave to be scored by their rows.</summary>
/// <param name="Top">Hits wanted.</param>
/// <param name="Share">Share of all entries whose bounds reach the last of these hits, the mean over queries; in (0, 1].</param>
public sealed record ProofShare(int Top, double Share);
