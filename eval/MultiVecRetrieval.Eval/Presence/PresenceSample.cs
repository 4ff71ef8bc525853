namespace MultiVecRetrieval.Eval.Presence;

/// <summary>The best similarity of one word in one picture.</summary>
/// <param name="Group">What the picture is: pages, pictures or frames.</param>
/// <param name="Kind">What the word is to it.</param>
/// <param name="Similarity">The largest inner product of the word's vector with a row of the picture.</param>
internal readonly record struct PresenceSample(string Group, PresenceKind Kind, double Similarity);
