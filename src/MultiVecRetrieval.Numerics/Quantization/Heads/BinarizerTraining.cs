namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary>A trained binariser.</summary>
/// <param name="Codec">What was kept.</param>
/// <param name="Report">What was measured.</param>
public sealed record BinarizerTraining(BebrCodec Codec, BinarizerReport Report);
