using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>A 64-bit perceptual hash of an image or frame, with the moment it was taken at.</summary>
/// <param name="Hash">Near-duplicates differ in few bits.</param>
/// <param name="Place">The part or moment that was hashed.</param>
public readonly record struct Fingerprint(ulong Hash, Place Place);
