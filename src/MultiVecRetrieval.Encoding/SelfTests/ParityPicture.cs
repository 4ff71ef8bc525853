namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>A picture of <see cref="Probes"/>.</summary>
internal sealed record ParityPicture(int Width, int Height, int Seed);
