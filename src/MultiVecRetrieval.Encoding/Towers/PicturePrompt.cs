using MultiVecRetrieval.Encoding.Tokenizers;

namespace MultiVecRetrieval.Encoding.Towers;

/// <summary>The text that a picture is put into before the model reads it.</summary>
internal sealed record PicturePrompt
{
    /// <summary>The text; it holds <see cref="ImageToken"/> once.</summary>
    public required string Template { get; init; }

    /// <summary>The token that stands for a part of the picture.</summary>
    public required string ImageToken { get; init; }

    /// <summary>Its id.</summary>
    public required int ImageTokenId { get; init; }

    /// <summary>Makes the ids.</summary>
    public required Tokenizer Tokenizer { get; init; }

    /// <summary>Tokens that the graph takes, when it fixes them.</summary>
    public int? FixedLength { get; init; }

    /// <summary>Fills what a fixed length leaves over.</summary>
    public int PadId { get; init; }

    /// <summary>The ids of the prompt with <paramref name="tokens"/> for the picture, and 1 per id that counts.</summary>
    /// <param name="tokens">What stands for the picture.</param>
    /// <param name="imageTokenCount">Image tokens that must come out.</param>
    /// <param name="mask">1 per id that counts.</param>
    /// <exception cref="ArgumentException">The graph takes fewer tokens, or the tokenizer does not know the image token as one.</exception>
    public long[] Encode(string tokens, int imageTokenCount, out long[] mask)
    {
        long[] found = [.. Tokenizer.Encode(Template.Replace(ImageToken, tokens, StringComparison.Ordinal)).Select(id => (long)id)];
        int counted = found.Count(id => id == ImageTokenId);
        if (counted != imageTokenCount)
        {
            throw new ArgumentException($"The tokenizer made {counted} image tokens of {imageTokenCount}.");
        }

        int length = FixedLength ?? found.Length;
        if (found.Length > length)
        {
            throw new ArgumentException($"The picture has {found.Length} tokens; the graph takes {length}.");
        }

        long[] ids = new long[length];
        mask = new long[length];
        int start = Tokenizer.PadsLeft ? length - found.Length : 0;
        Array.Fill(ids, PadId);
        found.CopyTo(ids, start);
        Array.Fill(mask, 1, start, found.Length);
        return ids;
    }
}
