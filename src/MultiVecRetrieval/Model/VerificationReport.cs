namespace MultiVecRetrieval;

/// <summary>What a full check of a collection found.</summary>
/// <param name="FilesChecked">Files read: the catalog, every segment in use, trained tiers and files of codes.</param>
/// <param name="BytesChecked">Their bytes.</param>
/// <param name="Problems">One line each, naming file and byte where known; empty when all is well.</param>
public sealed record VerificationReport(long FilesChecked, long BytesChecked, IReadOnlyList<string> Problems);
