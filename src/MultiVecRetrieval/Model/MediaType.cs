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

    /// <summary>A text or a part of one: a section, a slide, a sheet. Nothing is seen in it; its rows are of the meaning of its
    /// passages.</summary>
    Text = 4,

    /// <summary>What a client gave with its vectors; there is no file and nothing to see.</summary>
    Record = 5,
}
