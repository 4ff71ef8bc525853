namespace MultiVecRetrieval;

/// <summary>What the progress within a file counts.</summary>
public enum FileProgressUnit
{
    /// <summary>Seconds of a video of which frames were looked at.</summary>
    Seconds,

    /// <summary>Pages of a document whose words were read, which comes before they are looked at.</summary>
    Pages,

    /// <summary>Sections of a text whose meaning was encoded.</summary>
    Sections,

    /// <summary>Seconds of a video that were listened to.</summary>
    Speech,
}
