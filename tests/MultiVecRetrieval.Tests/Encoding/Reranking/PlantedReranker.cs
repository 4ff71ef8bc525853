using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Encoding.Reranking;

/// <summary>A folder as BERT rerankers are published, whose logit is known: the number of pairs of equal words in query and document, less
/// <see cref="Bias"/>. The graph tells the sides apart by their token types.</summary>
internal sealed class PlantedReranker : IDisposable
{
    public const float Bias = 1.5f;
    public const int MaxLength = 12;

    private static readonly string[] Words = ["red", "green", "blue", "yellow", "black"];
    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly ModelFolder _folder = new();

    public PlantedReranker(string activation = "torch.nn.modules.linear.Identity", string labels = """{ "0": "LABEL_0" }""", int outputs = 1)
    {
        _folder
            .Write("config.json", $$"""
                {
                  "model_type": "bert", "architectures": ["BertForSequenceClassification"], "id2label": {{labels}},
                  "max_position_embeddings": {{MaxLength}}, "sentence_transformers": { "activation_fn": "{{activation}}" }
                }
                """)
            .Write("vocab.txt", string.Join('\n', Special.Concat(Words)));
        SaveGraph(outputs);
    }

    public string Path => _folder.Path;

    public string Name => System.IO.Path.GetFileName(Path);

    public void Dispose() => _folder.Dispose();

    private void SaveGraph(int outputs)
    {
        int count = Special.Length + Words.Length;
        float[] rows = new float[count * Words.Length];
        for (int word = 0; word < Words.Length; word++)
        {
            rows[((Special.Length + word) * Words.Length) + word] = 1;
        }

        // all = Σ rows, second = Σ type * rows, first = all - second, logit = <first, second> - bias.
        OnnxWriter graph = new OnnxWriter()
            .Input("input_ids", OnnxWriter.Int64, "batch", "length").Input("attention_mask", OnnxWriter.Int64, "batch", "length")
            .Input("token_type_ids", OnnxWriter.Int64, "batch", "length").Output("logits", OnnxWriter.Float, "batch", outputs)
            .Constant("rows", rows, count, Words.Length).Constant("bias", [Bias], 1).Constant("axis1", 1).Constant("axis2", 2)
            .Node("Gather", "rows input_ids", "embedded", ("axis", 0))
            .Node("Cast", "token_type_ids", "types", ("to", OnnxWriter.Float)).Node("Unsqueeze", "types axis2", "types3")
            .Node("Cast", "attention_mask", "mask", ("to", OnnxWriter.Float)).Node("Unsqueeze", "mask axis2", "mask3")
            .Node("Mul", "embedded mask3", "seen").Node("Mul", "seen types3", "typed")
            .Node("ReduceSum", "seen axis1", "all", ("keepdims", 0)).Node("ReduceSum", "typed axis1", "second", ("keepdims", 0))
            .Node("Sub", "all second", "first").Node("Mul", "first second", "common")
            .Node("ReduceSum", "common axis1", "count", ("keepdims", 1)).Node("Sub", "count bias", "logits");
        graph.Save(System.IO.Path.Combine(Path, "onnx", "model.onnx"));
    }
}
