using System.Text;
using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Encoding.Tokenizers.Normalizers;

/// <summary>One of the Unicode normalisation forms.</summary>
internal sealed class UnicodeForm(NormalizationForm form) : INormalizer
{
    private readonly UnicodeNormalizer _normalizer = new(form);

    /// <inheritdoc/>
    public string Normalize(string text) => _normalizer.Normalize(text);
}
