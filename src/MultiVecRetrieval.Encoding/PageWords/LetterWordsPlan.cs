using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>What a <see cref="LetterWordsTower"/> needs to know.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Input">Name of the spelled words, [words, letters].</param>
/// <param name="Output">Name of the vectors, [words, d].</param>
/// <param name="Dimension">d, the length of a vector.</param>
/// <param name="Words">Splits and spells.</param>
internal sealed record LetterWordsPlan(OnnxGraphHeader Graph, string Input, string Output, int Dimension, LetterWords Words);
