namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>What came out of a check.</summary>
public enum ModelCheckState
{
    /// <summary>It is as it should be.</summary>
    Passed,

    /// <summary>It works; what the detail says should be known.</summary>
    Noted,

    /// <summary>It is broken; the detail says what.</summary>
    Failed,
}
