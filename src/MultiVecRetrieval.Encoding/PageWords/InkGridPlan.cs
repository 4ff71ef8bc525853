using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>What an <see cref="InkGridTower"/> needs to know.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Input">Name of the ink input, [batch, 1, height, width].</param>
/// <param name="Output">Name of the vectors, [batch, rows, columns, d].</param>
/// <param name="Dimension">d, the length of a vector.</param>
/// <param name="PageLongSide">Longer side at which pages are read.</param>
/// <param name="Grid">The rest.</param>
internal sealed record InkGridPlan(
    OnnxGraphHeader Graph, string Input, string Output, int Dimension, int PageLongSide, InkGridDescription Grid);
