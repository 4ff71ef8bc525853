using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Reranking;

/// <summary>What a folder holds, and how it is brought to work.</summary>
/// <param name="Folder">Its path.</param>
/// <param name="Contract">What it offers.</param>
/// <param name="Create">Makes it; loads no weights.</param>
internal sealed record RerankerPlan(string Folder, RerankerContract Contract, Func<OnnxSessions, Reranker> Create);
