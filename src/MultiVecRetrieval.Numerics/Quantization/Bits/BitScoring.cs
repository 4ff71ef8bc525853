namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>How a query meets the bits of a row.</summary>
public enum BitScoring
{
    /// <summary>The query stays fine: each coordinate is an integer, on the scale that its lookup tables allow. The default, and as fast as
    /// the others.</summary>
    Asymmetric = 0,

    /// <summary>The query is reduced to the same levels as the rows (SDC of BEBR): what two stored rows would score.</summary>
    Symmetric = 1,

    /// <summary>Only signs, of query and row: 1 - 2h/n for the Hamming distance h of the n bits of the first plane. No factor, no
    /// bias.</summary>
    Hamming = 2,
}
