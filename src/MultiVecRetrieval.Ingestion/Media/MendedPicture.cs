namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A picture file with what surrounds its pixels put right.</summary>
/// <param name="Bytes">The file as it should be.</param>
/// <param name="Damage">What was wrong, as a sentence of its own without an end.</param>
internal sealed record MendedPicture(byte[] Bytes, string Damage);
