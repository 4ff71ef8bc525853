namespace MultiVecRetrieval;

/// <summary>
/// How the parts of a question become one. Sum, direction and slerp make one vector, in every space that gives each part one; where a
/// model gives many rows, the rows of all parts stand below each other, each part counting by its weight. What answers only some of
/// the parts (full text, copies, models of one side) gives evidence for those, and an answer meets all of them.
/// </summary>
public enum QueryCombination
{
    /// <summary><see cref="Direction"/> where there is a subject, a modifier and a context, else <see cref="Sum"/>.</summary>
    Auto,

    /// <summary>norm(Σ w norm(x)), negative weights taken away (ALIGN, arXiv:2102.05918).</summary>
    Sum,

    /// <summary>Prompt directional vectors: the subject, and its description in words, moved by what the modifier changes of the
    /// description (arXiv:2502.07215).</summary>
    Direction,

    /// <summary>The point on the great circle between two parts, at the second one's share of the weight (arXiv:2405.00571).</summary>
    Slerp,

    /// <summary>Every part by itself: an answer meets all of them.</summary>
    All,

    /// <summary>Every part by itself: an answer meets any of them.</summary>
    Any,

    /// <summary>Every part by itself, and the subjects among them one after the other: a video that meets every part, these in their order.
    /// Only videos answer; the order is looked at in the best 200 that meet the parts, which are all that is found.</summary>
    Sequence,
}
