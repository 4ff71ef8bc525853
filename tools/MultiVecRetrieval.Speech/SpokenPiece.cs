namespace MultiVecRetrieval.Speech;

/// <summary>Something that was said, or, without a text, how far the sound was listened to.</summary>
/// <param name="StartSeconds">Seconds from the start of the sound.</param>
/// <param name="EndSeconds">The same.</param>
/// <param name="Text">What was said; null for progress.</param>
/// <param name="Language">Its language by ISO 639-1; null for progress.</param>
internal sealed record SpokenPiece(double StartSeconds, double EndSeconds, string? Text, string? Language);
