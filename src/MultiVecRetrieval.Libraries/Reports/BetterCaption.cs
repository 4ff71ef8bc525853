namespace MultiVecRetrieval;

/// <summary>A caption of another picture that fits better.</summary>
/// <param name="Key">The picture that has it.</param>
/// <param name="Caption">The caption.</param>
/// <param name="Percentile">The share of pictures that it fits less than this one, in [0, 1].</param>
/// <param name="Similarity">Similarity of it and this picture.</param>
public sealed record BetterCaption(string Key, string Caption, double Percentile, double Similarity);
