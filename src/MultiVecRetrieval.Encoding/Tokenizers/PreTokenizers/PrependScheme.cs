namespace MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

/// <summary>Where a word sign is put in front of text that has none.</summary>
internal enum PrependScheme
{
    /// <summary>Nowhere.</summary>
    Never = 0,

    /// <summary>Before every piece between added tokens.</summary>
    Always = 1,

    /// <summary>Only where the whole text begins.</summary>
    First = 2,
}
