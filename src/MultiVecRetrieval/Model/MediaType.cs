namespace MultiVecRetrieval;

/// <summary>What an entry is.</summary>
public enum MediaType
{
    /// <summary>A still picture.</summary>
    Image = 1,

    /// <summary>A page of a document.</summary>
    Page = 2,

    /// <summary>A video; its rows carry time spans.</summary>
    Video = 3,
}
