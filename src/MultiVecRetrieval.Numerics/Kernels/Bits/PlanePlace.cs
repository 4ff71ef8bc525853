namespace MultiVecRetrieval.Numerics.Kernels.Bits;

/// <summary>Where a plane is in a chunk.</summary>
/// <param name="Offset">The first byte of its first block.</param>
/// <param name="ByteCount">Bytes of bits of a row.</param>
internal readonly record struct PlanePlace(int Offset, int ByteCount);
