using System.Numerics.Tensors;
using MultiVecRetrieval.Encoding.Folders;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>Encodes a text through its tokens, as one vector or as one per token.</summary>
internal sealed class TokenTower(OnnxSessions sessions, TokenPlan plan) : TextTower
{
    public override EncodedText Encode(string text, TextRole role, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> wordings = role == TextRole.Query && plan.ShortQueries is not null ? plan.ShortQueries.Expand(text) : [];
        if (wordings.Count < 2)
        {
            string prompt = role == TextRole.Query ? plan.Prompt : plan.PassagePrompt;
            string wording = wordings.Count > 0 ? wordings[0] : prompt.Replace("{}", text, StringComparison.Ordinal);
            return EncodeOne(text, wording, cancellationToken);
        }

        // Unit vectors are added, so every wording counts alike.
        EncodedText[] encoded = [.. wordings.Select(wording => EncodeOne(text, wording, cancellationToken))];
        float[] sum = new float[plan.KeptDimension];
        foreach (EncodedText vector in encoded)
        {
            TensorPrimitives.Add(sum, vector.Rows.Values, sum);
        }

        return new EncodedText(
            new MultiVector(plan.KeptDimension, RowPooling.Pool(sum, plan.KeptDimension, Pooling.First, mask: [], layerNormalize: false)),
            [text], encoded[0].Notices)
        {
            TokenCount = encoded.Sum(wording => wording.TokenCount),
            OmittedTokenCount = encoded[0].OmittedTokenCount,
        };
    }

    public override EncodedText Encode(string text, string task, CancellationToken cancellationToken) =>
        plan.TaskPrompts.TryGetValue(task, out string? prompt)
            ? EncodeOne(text, prompt.Replace("{}", text, StringComparison.Ordinal), cancellationToken)
            : base.Encode(text, task, cancellationToken);

    private EncodedText EncodeOne(string text, string wording, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TokenInput tokens = plan.Tokens.Encode(wording);
        FloatTensor output = Run(tokens);
        Pooling pooling = plan.Output.Rank == 2 ? Pooling.First : plan.Pooling;
        int perText = output.Values.Length / (plan.FixedBatch ?? 1);
        int width = (int)output.Shape[^1];
        int rowCount = perText / width;

        // Some graphs put rows of their own before those of the tokens; then the mask does not tell which rows count.
        ReadOnlySpan<long> mask = rowCount == tokens.Mask.Length ? tokens.Mask : [];
        int? keptDimension = plan.Head is null ? plan.MatryoshkaDimension : null;
        float[] rows = RowPooling.Pool(
            output.Values.AsSpan(0, perText), width, pooling, mask, plan.LayerNormalize, keptDimension: keptDimension);
        if (plan.Head is { } head)
        {
            FloatTensor moved = sessions.Get(head).Run([new TensorFeed(head.Inputs[0].Name, rows, 1, width)], [head.Outputs[0].Name])[0];
            rows = RowPooling.Pool(
                moved.Values, plan.Dimension, Pooling.First, mask: [], layerNormalize: false, keptDimension: plan.MatryoshkaDimension);
        }

        IReadOnlyList<string> labels = pooling != Pooling.Rows
            ? [text]
            : mask.IsEmpty
                ? [.. Enumerable.Repeat(text, rowCount)]
                : [.. tokens.Labels.Where((_, token) => tokens.Mask[token] != 0)];
        return new EncodedText(new MultiVector(plan.KeptDimension, rows), labels, tokens.Notice is null ? [] : [tokens.Notice])
        {
            TokenCount = (int)tokens.Mask.Sum(),
            OmittedTokenCount = tokens.OmittedCount,
        };
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
        feeds.AddRange(SideInputs.Create(plan.Graph, plan.Input, batch, tokens.Ids, tokens.Mask, plan.ImageSide, plan.EmptyPicture));
        FloatTensor output = sessions.Get(plan.Graph).Run(feeds, [plan.Output.Name])[0];
        return (plan.Head is not null || output.Shape[^1] == plan.Dimension) && output.Shape[0] == batch
            ? output
            : throw new ModelFormatException(
                plan.Folder,
                $"the text output has the shape [{string.Join(", ", output.Shape)}], expected [{batch}, ..., {plan.Dimension}].");
    }
}
