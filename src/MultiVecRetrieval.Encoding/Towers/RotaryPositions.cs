using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Positions on three axes (time, row, column) of tokens among which there may be one picture.</summary>
/// <remarks>
/// Text counts up on all axes alike. The tokens of a picture share the time of its first, and count rows and columns from there; what
/// follows goes on after the largest. Source: get_rope_index of Qwen2-VL in transformers.
/// </remarks>
internal static class RotaryPositions
{
    /// <summary>Makes the input, [3, batch, tokens].</summary>
    /// <param name="input">The graph's input.</param>
    /// <param name="batch">Entries, all alike.</param>
    /// <param name="mask">1 per token that counts; padding stands at 1, as in the reference.</param>
    /// <param name="firstImageToken">Index of the picture's first token; -1 without a picture.</param>
    /// <param name="tokenRows">Rows of the picture's tokens.</param>
    /// <param name="tokenColumns">Columns of the picture's tokens.</param>
    public static TensorFeed Create(OnnxTensor input, int batch, long[] mask, int firstImageToken, int tokenRows, int tokenColumns)
    {
        const int Axes = 3;
        int length = mask.Length;
        long[] positions = new long[Axes * batch * length];
        int imageTokens = tokenRows * tokenColumns;
        long next = 0;
        for (int token = 0; token < length; token++)
        {
            (long time, long row, long column) = (1, 1, 1);
            int inImage = firstImageToken < 0 ? -1 : token - firstImageToken;
            if (inImage >= 0 && inImage < imageTokens)
            {
                (time, row, column) = (next, next + (inImage / tokenColumns), next + (inImage % tokenColumns));
                next += inImage == imageTokens - 1 ? Math.Max(tokenRows, tokenColumns) : 0;
            }
            else if (mask[token] != 0)
            {
                (time, row, column) = (next, next, next);
                next++;
            }

            for (int entry = 0; entry < batch; entry++)
            {
                positions[(entry * length) + token] = time;
                positions[((batch + entry) * length) + token] = row;
                positions[(((2 * batch) + entry) * length) + token] = column;
            }
        }

        return new TensorFeed(input.Name, positions, Axes, batch, length);
    }
}
