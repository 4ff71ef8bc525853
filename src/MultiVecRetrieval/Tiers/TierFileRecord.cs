namespace MultiVecRetrieval.Tiers;

/// <summary>A file of codes as the catalog lists it.</summary>
/// <param name="Id">Its id, which names the file.</param>
/// <param name="SegmentId">The segment whose entries it encodes.</param>
/// <param name="TierId">The tier.</param>
/// <param name="SizeInBytes">Bytes of the file.</param>
internal sealed record TierFileRecord(long Id, long SegmentId, long TierId, long SizeInBytes);
