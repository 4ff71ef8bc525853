namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>The instructions of MMEB-V2, with which VLM2Vec-V2 was trained, by data set: what stands before a question.</summary>
/// <remarks>
/// Source: TIGER-AI-Lab/VLM2Vec, <c>src/data/eval_dataset</c>; of MSCOCO_t2i the rows of ziyjiang/MMEB_Test_Instruct. The other data sets
/// of pictures say theirs row by row.
/// </remarks>
internal static class MmebInstructions
{
    /// <summary>The task of all data sets of pages.</summary>
    public const string Pages = "visdoc";

    /// <summary>The task of everyday photographs, found by captions.</summary>
    public const string Photos = "MSCOCO_t2i";

    /// <summary>What stands beside a page.</summary>
    public const string PageTarget = "Understand the content of the provided document image.";

    /// <summary>What stands beside a video, whatever the data set.</summary>
    public const string VideoTarget = "Understand the content of the provided video.";

    /// <summary>What stands beside a photograph.</summary>
    public const string PhotoTarget = "Represent the given image.";

    private const string Clip = "Find the clip that corresponds to the described scene in the given video:";

    /// <summary>What stands before a question, by task.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [Pages] = "Find a document image that matches the given query:",
        [Photos] = "Find me an everyday image that matches the given caption:",
        ["MSR-VTT"] = "Find a video that contains the following visual content:",
        ["MSVD"] = "Find the video snippet that corresponds to the given summary:",
        ["DiDeMo"] = "Find a video that includes the following described scenes:",
        ["VATEX"] = "Select a video that fits the description provided:",
        ["YouCook2"] = "Find a video that demonstrates the following action while making a recipe:",
        ["QVHighlight"] = Clip,
        ["Charades-STA"] = Clip,
        ["MomentSeeker"] = "Find the clip that corresponds to the given text:",
    };

    /// <summary>The prompts of a model that reads the bare token of a picture or video before the instruction.</summary>
    /// <param name="imageToken">The token of a picture.</param>
    /// <param name="videoToken">The token of a video.</param>
    public static IReadOnlyDictionary<string, TaskPrompts> CreatePrompts(string imageToken, string videoToken) =>
        Queries.ToDictionary(
            query => query.Key,
            query => new TaskPrompts(
                // The loader of data sets of pictures ends both sides with a line.
                query.Key == Photos ? query.Value + " {}\n" : query.Value + " {}",
                query.Key == Pages ? $"{imageToken} {PageTarget}" : $"{imageToken}\n{PhotoTarget}\n",
                $"{videoToken} {VideoTarget}"),
            StringComparer.OrdinalIgnoreCase);
}
