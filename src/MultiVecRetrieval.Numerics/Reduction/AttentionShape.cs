namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>The shape of attention weights, [layers × heads × tokens × tokens]: how much each token (row) attends to each
/// (column).</summary>
/// <param name="LayerCount">Layers; at least 1.</param>
/// <param name="HeadCount">Heads of a layer; at least 1.</param>
/// <param name="TokenCount">Tokens; at least 1.</param>
public readonly record struct AttentionShape(int LayerCount, int HeadCount, int TokenCount);
