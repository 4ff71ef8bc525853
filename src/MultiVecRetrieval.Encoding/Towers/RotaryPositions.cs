using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Positions on three axes (time, row, column) of tokens among which there may be a picture or a video.</summary>
/// <remarks>
/// Text counts up on all axes alike. The tokens of a picture share the time of its first, and count rows and columns from there; those of
/// a video the same, and its groups of frames count up in time. What follows goes on after the largest. Where a text stands between the
/// groups, each is a picture of its own. Source: get_rope_index of Qwen2-VL, Qwen2.5-VL and Qwen3-VL in transformers.
/// </remarks>
internal static class RotaryPositions
{
    /// <summary>Makes the input, [3, batch, tokens].</summary>
    /// <param name="input">The graph's input.</param>
    /// <param name="batch">Entries, all alike.</param>
    /// <param name="mask">1 per token that counts; padding stands at 1, as in the reference.</param>
    /// <param name="isVisual">True per token of the picture or video; empty without one.</param>
    /// <param name="tokenRows">Rows of the tokens of a picture, or of a group of frames.</param>
    /// <param name="tokenColumns">Columns of them.</param>
    /// <param name="timeStep">Steps in time from one group of frames to the next; rounded down group by group.</param>
    public static TensorFeed Create(
        OnnxTensor input, int batch, long[] mask, bool[] isVisual, int tokenRows, int tokenColumns, double timeStep = 1)
    {
        const int Axes = 3;
        int length = mask.Length;
        long[] positions = new long[Axes * batch * length];
        int perGroup = tokenRows * tokenColumns;
        long next = 0;
        int inRun = 0;
        for (int token = 0; token < length; token++)
        {
            (long time, long row, long column) = (1, 1, 1);
            if (token < isVisual.Length && isVisual[token])
            {
                (int group, int inGroup) = Math.DivRem(inRun++, perGroup);
                long later = (long)(group * timeStep);
                (time, row, column) = (next + later, next + (inGroup / tokenColumns), next + (inGroup % tokenColumns));
                if (token + 1 == isVisual.Length || !isVisual[token + 1])
                {
                    next += Math.Max(later + 1, Math.Max(tokenRows, tokenColumns));
                    inRun = 0;
                }
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
