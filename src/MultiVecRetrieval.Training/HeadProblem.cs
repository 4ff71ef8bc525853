using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>What a head is trained and judged on: documents, queries, and which documents answer which query.</summary>
internal sealed record HeadProblem
{
    /// <summary>[documents × d]</summary>
    public required Matrix Documents { get; init; }

    /// <summary>[queries × d]</summary>
    public required Matrix Queries { get; init; }

    /// <summary>Where each document stood in the sample: the first of equal rows.</summary>
    public required int[] DocumentRows { get; init; }

    /// <summary>Where each query stood in the sample; in that of the documents when documents are the queries.</summary>
    public required int[] QueryRows { get; init; }

    /// <summary>The documents that answer each query, best first; at least one.</summary>
    public required int[][] Answers { get; init; }

    /// <summary>The document that is the query itself, which it must not find; -1 for none.</summary>
    public required int[] Self { get; init; }

    /// <summary>True when the answers were given, false when they are the nearest by float.</summary>
    public required bool IsLabelled { get; init; }

    /// <summary>Queries to train on, ascending.</summary>
    public required int[] Training { get; init; }

    /// <summary>Queries that choose the best step, ascending.</summary>
    public required int[] Validation { get; init; }

    /// <summary>Queries that decide at the end whether the head is kept, ascending; used once.</summary>
    public required int[] Test { get; init; }

    /// <summary>Documents that training may see: no answer of a held-out query that was given, no held-out query itself.</summary>
    public required bool[] IsTrainingDocument { get; init; }
}
