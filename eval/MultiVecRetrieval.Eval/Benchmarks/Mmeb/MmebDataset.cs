namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>How the rows of a data set of MMEB become questions and candidates.</summary>
internal enum MmebRows
{
    /// <summary>A picture is asked for a text.</summary>
    PictureToText,

    /// <summary>A text is asked for a picture.</summary>
    TextToPicture,

    /// <summary>A picture, with words, is asked for a picture.</summary>
    PictureToPicture,

    /// <summary>A text is asked for a video.</summary>
    TextToVideo,

    /// <summary>Corpus, queries and judgements of pages.</summary>
    Pages,

    /// <summary>Of videos and frames that only its own loader makes; scored from files of vectors.</summary>
    Frames,
}

/// <summary>A data set of MMEB-V2.</summary>
/// <param name="Name">Its name in files and reports.</param>
/// <param name="Modality">image, video or visdoc.</param>
/// <param name="Group">The group that a score is a mean of.</param>
/// <param name="Rows">What its rows are.</param>
internal sealed record MmebDataset(string Name, string Modality, string Group, MmebRows Rows)
{
    private static readonly string[] TextTargets = ["I-CLS", "I-QA"];

    /// <summary>The 78 that its overall score is the mean of.</summary>
    public static IReadOnlyList<MmebDataset> All { get; } =
    [
        .. Of("image", "I-CLS", MmebRows.PictureToText,
            "ImageNet-1K", "N24News", "HatefulMemes", "VOC2007", "SUN397", "Place365", "ImageNet-A", "ImageNet-R", "ObjectNet", "Country211"),
        .. Of("image", "I-QA", MmebRows.PictureToText,
            "OK-VQA", "A-OKVQA", "DocVQA", "InfographicsVQA", "ChartQA", "Visual7W", "ScienceQA", "VizWiz", "GQA", "TextVQA"),
        .. Of("image", "I-RET", MmebRows.TextToPicture, "VisDial", "VisualNews_t2i", "MSCOCO_t2i", "WebQA", "Wiki-SS-NQ", "EDIS"),
        .. Of("image", "I-RET", MmebRows.PictureToText, "VisualNews_i2t", "MSCOCO_i2t"),
        .. Of("image", "I-RET", MmebRows.PictureToPicture, "CIRR", "NIGHTS", "FashionIQ", "OVEN"),
        .. Of("image", "I-VG", MmebRows.PictureToPicture, "MSCOCO", "RefCOCO", "RefCOCO-Matching", "Visual7W-Pointing"),
        .. Of("video", "V-CLS", MmebRows.Frames, "K700", "SmthSmthV2", "HMDB51", "UCF101", "Breakfast"),
        .. Of("video", "V-QA", MmebRows.Frames, "MVBench", "Video-MME", "NExTQA", "EgoSchema", "ActivityNetQA"),
        .. Of("video", "V-RET", MmebRows.TextToVideo, "DiDeMo", "MSR-VTT", "MSVD", "VATEX", "YouCook2"),
        .. Of("video", "V-MRET", MmebRows.Frames, "QVHighlight", "Charades-STA", "MomentSeeker"),
        .. Of("visdoc", "ViDoRe v1", MmebRows.Pages,
            "ViDoRe_arxivqa", "ViDoRe_docvqa", "ViDoRe_infovqa", "ViDoRe_tabfquad", "ViDoRe_tatdqa", "ViDoRe_shiftproject",
            "ViDoRe_syntheticDocQA_artificial_intelligence", "ViDoRe_syntheticDocQA_energy", "ViDoRe_syntheticDocQA_government_reports",
            "ViDoRe_syntheticDocQA_healthcare_industry"),
        .. Of("visdoc", "ViDoRe v2", MmebRows.Pages,
            "ViDoRe_esg_reports_human_labeled_v2", "ViDoRe_biomedical_lectures_v2_multilingual", "ViDoRe_economics_reports_v2_multilingual",
            "ViDoRe_esg_reports_v2_multilingual"),
        .. Of("visdoc", "VisRAG", MmebRows.Pages,
            "VisRAG_ArxivQA", "VisRAG_ChartQA", "VisRAG_MP-DocVQA", "VisRAG_SlideVQA", "VisRAG_InfoVQA", "VisRAG_PlotQA"),
        .. Of("visdoc", "OOD", MmebRows.Pages, "ViDoSeek-page", "ViDoSeek-doc", "MMLongBench-page", "MMLongBench-doc"),
    ];

    /// <summary>The measure that the leaderboard shows.</summary>
    public string MainScore => Modality == "visdoc" ? "ndcg_linear@5" : "hit@1";

    /// <summary>True where only the candidates of a row are ranked, and not those of all rows.</summary>
    public bool IsLocal => Modality == "image" || Group is "V-QA" or "V-MRET" || Name == "SmthSmthV2";

    /// <summary>True where candidates are texts.</summary>
    public bool HasTextTargets => TextTargets.Contains(Group, StringComparer.Ordinal) || Rows == MmebRows.PictureToText;

    /// <summary>Finds one by name; the two tasks of pages are also known by the names of their corrected data.</summary>
    public static MmebDataset? Find(string name) =>
        All.FirstOrDefault(dataset => dataset.Name == name || (name.EndsWith("-page-fixed", StringComparison.Ordinal) && dataset.Name == name[..^6]));

    private static IEnumerable<MmebDataset> Of(string modality, string group, MmebRows rows, params string[] names) =>
        names.Select(name => new MmebDataset(name, modality, group, rows));
}
