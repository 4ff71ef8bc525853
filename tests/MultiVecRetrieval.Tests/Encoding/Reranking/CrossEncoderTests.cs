using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Reranking;
using MultiVecRetrieval.Encoding.Tokenizers;

namespace MultiVecRetrieval.Tests.Encoding.Reranking;

public sealed class CrossEncoderTests
{
    [Fact]
    public void Inspect_FolderOfAReranker_IsOneAndNoEncoder()
    {
        using PlantedReranker planted = new();

        RerankerContract contract = RerankerModel.Inspect(planted.Path);

        Assert.True(RerankerModel.IsReranker(planted.Path));
        Assert.Equal((planted.Name, "bert", PlantedReranker.MaxLength, false),
            (contract.Name, contract.Family, contract.MaxTokens, contract.IsRemote));
        Assert.Contains("reranker", Assert.Throws<ModelFormatException>(() => EncoderModel.Inspect(planted.Path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("red blue", "red", 1, 7)]
    [InlineData("red blue", "Blue, red red.", 3, 11)]
    [InlineData("red", "green", 0, 6)]
    [InlineData("red", "", 0, 4)]
    public void Score_IsTheWordsInCommonLessTheBias(string query, string document, int common, int mostTokens)
    {
        using PlantedReranker planted = new();
        using RerankerModel model = RerankerModel.Load(planted.Path);

        PairRelevance score = Assert.Single(model.Score(query, [document]));

        Assert.Equal(common - PlantedReranker.Bias, score.Score);
        Assert.Equal(1 / (1 + Math.Exp(PlantedReranker.Bias - common)), score.Relevance, tolerance: 1e-12);
        Assert.InRange(score.TokenCount, 4, mostTokens);
        Assert.Equal(0, score.OmittedTokenCount);
    }

    [Fact]
    public void Score_LongDocument_LosesItsEndAndTheQueryNothing()
    {
        using PlantedReranker planted = new();
        using RerankerModel model = RerankerModel.Load(planted.Path);

        // [CLS] red blue [SEP] and the last [SEP] leave seven tokens.
        PairRelevance score = Assert.Single(model.Score("red blue", ["red green green green green green green blue blue"]));

        Assert.Equal((1 - PlantedReranker.Bias, PlantedReranker.MaxLength, 2), (score.Score, score.TokenCount, score.OmittedTokenCount));
    }

    [Fact]
    public void Score_QueryThatFillsTheModel_IsRefused()
    {
        using PlantedReranker planted = new();
        using RerankerModel model = RerankerModel.Load(planted.Path);

        ArgumentException error = Assert.Throws<ArgumentException>(() => model.Score("red red red red red red red red red", ["red"]));

        Assert.Contains("9 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_SideBySide_IsWhatItIsAlone()
    {
        using PlantedReranker planted = new();
        using RerankerModel model = RerankerModel.Load(planted.Path);
        string[] documents = [.. Enumerable.Range(0, 40).Select(i => string.Join(' ', Enumerable.Repeat("red", i % 5)))];

        IReadOnlyList<PairRelevance> together = model.Score("red", documents, threads: 4);

        Assert.Equal(documents.Select(document => model.Score("red", [document])[0]), together);
    }

    [Fact]
    public void Score_OfAModelThatWantsTheLogistic_IsTheRelevance()
    {
        using PlantedReranker planted = new("torch.nn.modules.activation.Sigmoid");
        using RerankerModel model = RerankerModel.Load(planted.Path);

        PairRelevance score = Assert.Single(model.Score("red", ["red red"]));

        Assert.Equal(1 / (1 + Math.Exp(-0.5)), score.Score, tolerance: 1e-6);
    }

    [Fact]
    public void Load_ModelOfSeveralClasses_IsRefused()
    {
        using PlantedReranker byConfig = new(labels: """{ "0": "negative", "1": "positive" }""");
        using PlantedReranker byGraph = new(outputs: 3);
        using PlantedReranker byActivation = new("torch.nn.modules.activation.Tanh");

        Assert.Contains("2 labels", Assert.Throws<ModelFormatException>(() => RerankerModel.Load(byConfig.Path)).Reason,
            StringComparison.Ordinal);
        Assert.Contains("one number per pair", Assert.Throws<ModelFormatException>(() => RerankerModel.Load(byGraph.Path)).Reason,
            StringComparison.Ordinal);
        Assert.Contains("Tanh", Assert.Throws<ModelFormatException>(() => RerankerModel.Load(byActivation.Path)).Reason,
            StringComparison.Ordinal);
    }

    // What the three kinds of published rerankers write: BERT's, XLM-RoBERTa's template, RoBERTa's own.
    [Theory]
    [InlineData(
        """
        { "type": "TemplateProcessing", "single": [{ "Sequence": { "id": "A", "type_id": 0 } }],
          "pair": [{ "SpecialToken": { "id": "<s>", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } },
            { "SpecialToken": { "id": "</s>", "type_id": 0 } }, { "SpecialToken": { "id": "</s>", "type_id": 0 } },
            { "Sequence": { "id": "B", "type_id": 0 } }, { "SpecialToken": { "id": "</s>", "type_id": 0 } }],
          "special_tokens": { "<s>": { "id": "<s>", "ids": [0], "tokens": ["<s>"] }, "</s>": { "id": "</s>", "ids": [1], "tokens": ["</s>"] } } }
        """, new long[] { 0, 2, 1, 1, 3, 3, 1 }, new long[] { 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("""{ "type": "RobertaProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0], "trim_offsets": true, "add_prefix_space": true }""",
        new long[] { 0, 2, 1, 1, 3, 3, 1 }, new long[] { 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("""{ "type": "BertProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0] }""",
        new long[] { 0, 2, 1, 3, 3, 1 }, new long[] { 0, 0, 0, 1, 1, 1 })]
    public void Pair_OfATokenizerFile_IsFramedAsItSays(string postProcessor, long[] ids, long[] types)
    {
        using ModelFolder folder = new ModelFolder().Write("tokenizer.json", $$"""
            {
              "model": { "type": "WordPiece", "unk_token": "<s>", "continuing_subword_prefix": "##",
                "vocab": { "<s>": 0, "</s>": 1, "a": 2, "b": 3 } },
              "pre_tokenizer": { "type": "Whitespace" }, "post_processor": {{postProcessor}}
            }
            """);
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        (long[] actualIds, long[] actualTypes) = tokenizer.Pair!.Join(tokenizer.EncodeContent("a"), tokenizer.EncodeContent("b b"));

        Assert.Equal(ids, actualIds);
        Assert.Equal(types, actualTypes);
    }
}
