using System.Numerics.Tensors;
using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Tests.Tools;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>The bundled sentence encoder: the package's graph, and the int8 graph that the build makes of it.</summary>
public sealed class SentenceModelTests(MadeModels made) : IClassFixture<MadeModels>
{
    private static readonly string[] Passages =
    [
        "The pump is switched off when the pressure in the pipe rises above the limit that was set.",
        "Résumé: naïve façade, 3.5 mm² — Größe",
        "sudo apt-get install --no-install-recommends poppler-utils",
        "To remove a user's home directory together with the account, give the option --remove. Files elsewhere that belong to the user are "
            + "not touched; find them before, or give them to somebody else. The account's group is removed, too, when no other account has it.",
        "x",
        "",
    ];

    public sealed record Reference(string Text, int[] Ids, float[] Sentence);

    private static string BundledFolder => Path.Combine(BundledModels.Folder, "minilm");

    [Fact]
    public void Inspect_BundledFolder_IsATextSideAlone()
    {
        ModelContract contract = EncoderModel.Inspect(BundledFolder);

        Assert.Equal(
            ("minilm", 384, false, true, false, true),
            (contract.Name, contract.Dimension, contract.EncodesImages, contract.EncodesText, contract.IsMultiVector, contract.IsSemantic));
        Assert.Empty(contract.Warnings);
    }

    [Fact]
    public void Tokenize_ReferenceTexts_GivesTheReferenceIds()
    {
        using EncoderModel model = EncoderModel.Load(BundledFolder);

        Assert.All(ReadReference(), reference => Assert.Equal(reference.Ids, model.Tokenize(reference.Text)));
    }

    // The reference was computed by another program (onnxruntime-node, its own tokenizer and pooling) and is rounded to 6 digits.
    [Fact]
    public void Encode_ReferenceTextsInFloat32_GivesTheReferenceVectors()
    {
        using EncoderModel model = EncoderModel.Load(made.Sentences);

        Assert.All(ReadReference(), reference =>
        {
            ReadOnlySpan<float> actual = model.EncodeText(reference.Text).Rows.Values;
            Assert.InRange(LargestDifference(reference.Sentence, actual), 0, 1e-5f);
        });
    }

    [Fact]
    public void Encode_InInt8_PointsWhereFloat32Does()
    {
        using EncoderModel exact = EncoderModel.Load(made.Sentences);
        using EncoderModel small = EncoderModel.Load(BundledFolder);

        Assert.All(ReadReference().Select(reference => reference.Text).Concat(Passages), text =>
            Assert.InRange(TensorPrimitives.Dot(exact.EncodeText(text).Rows.Values, small.EncodeText(text).Rows.Values), 0.98f, 1.0001f));
    }

    [Fact]
    public void Encode_InInt8AndFloat32_AreDifferentSpaces() =>
        Assert.NotEqual(EncoderModel.Inspect(BundledFolder).SpaceId, EncoderModel.Inspect(made.Sentences).SpaceId);

    [Fact]
    public void Encode_LongText_ReadsItsFirst256Tokens()
    {
        using EncoderModel model = EncoderModel.Load(BundledFolder);
        string text = string.Join(' ', Enumerable.Repeat("pressure", 400));

        EncodedText encoded = model.EncodeText(text);

        Assert.Equal(["The text has 402 tokens; the model reads the first 256."], encoded.Notices);
        Assert.Equal(model.EncodeText(string.Join(' ', Enumerable.Repeat("pressure", 254))).Rows.Values, encoded.Rows.Values);
    }

    private static Reference[] ReadReference() => JsonSerializer.Deserialize<Reference[]>(
        File.ReadAllBytes(Path.Combine(RepositoryRoot.Folder, "tests/MultiVecRetrieval.Tests/Encoding/Models/sentence-reference.json")),
        JsonSerializerOptions.Web)!;

    private static float LargestDifference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        float[] differences = new float[expected.Length];
        TensorPrimitives.Subtract(expected, actual, differences);
        return MathF.Abs(TensorPrimitives.MaxMagnitude(differences));
    }
}
