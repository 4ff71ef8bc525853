using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Encodes a text through its tokens, as one vector or as one per token.</summary>
internal sealed class TokenTower(OnnxSessions sessions, TokenPlan plan) : TextTower
{
    public override EncodedText Encode(string text, TextRole role, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string prompt = role == TextRole.Query ? plan.Prompt : plan.PassagePrompt;
        TokenInput tokens = plan.Tokens.Encode(prompt.Replace("{}", text, StringComparison.Ordinal));
        FloatTensor output = Run(tokens);
        Pooling pooling = plan.Output.Rank == 2 ? Pooling.First : plan.Pooling;
        int perText = output.Values.Length / (plan.FixedBatch ?? 1);
        int rowCount = perText / plan.Dimension;

        // Some graphs put rows of their own before those of the tokens; then the mask does not tell which rows count.
        ReadOnlySpan<long> mask = rowCount == tokens.Mask.Length ? tokens.Mask : [];
        float[] rows = RowPooling.Pool(output.Values.AsSpan(0, perText), plan.Dimension, pooling, mask, plan.LayerNormalize);
        IReadOnlyList<string> labels = pooling != Pooling.Rows
            ? [text]
            : mask.IsEmpty
                ? [.. Enumerable.Repeat(text, rowCount)]
                : [.. tokens.Labels.Where((_, token) => tokens.Mask[token] != 0)];
        return new EncodedText(new MultiVector(plan.Dimension, rows), labels, tokens.Notice is null ? [] : [tokens.Notice]);
    }

    public override IReadOnlyList<int> Tokenize(string text) => plan.Tokens.Tokenize(text);

    // Where the graph fixes the batch, every place holds the same text; the first is taken.
    private FloatTensor Run(TokenInput tokens)
    {
        int batch = plan.FixedBatch ?? 1;
        long[] ids = new long[tokens.Ids.Length * batch];
        for (int i = 0; i < batch; i++)
        {
            tokens.Ids.CopyTo(ids, i * tokens.Ids.Length);
        }

        List<TensorFeed> feeds = [new TensorFeed(plan.Input.Name, ids, [batch, .. tokens.Shape])];
        feeds.AddRange(SideInputs.Create(plan.Graph, plan.Input, batch, tokens.Ids, tokens.Mask, plan.ImageSide));
        FloatTensor output = sessions.Get(plan.Graph).Run(feeds, [plan.Output.Name])[0];
        return output.Shape[^1] == plan.Dimension && output.Shape[0] == batch
            ? output
            : throw new ModelFormatException(
                plan.Folder,
                $"the text output has the shape [{string.Join(", ", output.Shape)}], expected [{batch}, ..., {plan.Dimension}].");
    }
}
