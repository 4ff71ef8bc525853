using Microsoft.Extensions.AI;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Embeds a text as the counts of its letters a to e, and counts its calls.</summary>
internal sealed class LettersGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    public int CallCount { get; private set; }

    public static float[] Embed(string text) => [.. "abcde".Select(letter => 0.01f + text.Count(c => c == letter))];

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        CallCount++;
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Embed(text)))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
