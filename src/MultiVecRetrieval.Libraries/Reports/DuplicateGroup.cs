namespace MultiVecRetrieval;

/// <summary>Copies of one another, and which of them to keep.</summary>
/// <param name="Keep">The one to keep. The others were each compared with it.</param>
/// <param name="Reason">The first rule by which it is ahead of every other.</param>
/// <param name="Explanation">The same in words: <c>the largest, 4000 x 3000; the next has 1600 x 1200</c>.</param>
/// <param name="Others">The others, most similar first.</param>
public sealed record DuplicateGroup(
    DuplicateMember Keep, KeepReason Reason, string Explanation, IReadOnlyList<DuplicateMember> Others);
