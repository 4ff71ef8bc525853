using System.Numerics.Tensors;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Presence;

/// <summary>Vectors of single words, each encoded once.</summary>
internal sealed class WordVectors(EncoderModel model)
{
    private readonly Dictionary<string, float[]> _vectors = new(StringComparer.Ordinal);

    /// <summary>The best similarity of a word among the rows of a picture; -1 for a picture without rows.</summary>
    public double Best(string word, MultiVector rows)
    {
        if (!_vectors.TryGetValue(word, out float[]? vector))
        {
            _vectors[word] = vector = model.EncodeText(word).Rows.Row(0).ToArray();
        }

        double best = -1;
        for (int row = 0; row < rows.RowCount; row++)
        {
            best = Math.Max(best, TensorPrimitives.Dot(rows.Row(row), vector));
        }

        return best;
    }
}
