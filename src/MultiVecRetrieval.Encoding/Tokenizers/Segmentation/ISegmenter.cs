namespace MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

/// <summary>Cuts a word into tokens of a vocabulary. Thread-safe.</summary>
internal interface ISegmenter
{
    /// <summary>The tokens and their ids.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Appends the ids of a word that is not empty.</summary>
    void Segment(string word, List<int> ids);
}
