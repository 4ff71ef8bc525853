namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Tokens of a picture by a model's profile; the preprocessor file of the network under it may say otherwise.</summary>
/// <param name="Min">At least; null leaves it to the file.</param>
/// <param name="Max">At most; null leaves it to the file, and a smaller one in the file is kept.</param>
internal readonly record struct ImageTokenBudget(int? Min, int? Max);
