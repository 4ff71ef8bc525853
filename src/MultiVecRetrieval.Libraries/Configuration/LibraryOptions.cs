using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Configuration;
using MultiVecRetrieval.Libraries.Models;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval;

/// <summary>
/// Where things are and how they are read. Read from <c>appsettings.json</c>, <c>MVR_*</c> environment variables and flags
/// by <see cref="LibrarySettings"/>, or written in C#.
/// </summary>
public sealed record LibraryOptions
{
    private static readonly CollectionOptions EngineDefaults = new();

    /// <summary>Folder that holds one folder per collection. Setting <c>dataFolder</c>.</summary>
    public string DataFolder { get; init; } = "indexes";

    /// <summary>Model folders, or folders of model folders, searched in order; the bundled models come last. Setting
    /// <c>modelFolders</c>.</summary>
    public IReadOnlyList<string> ModelFolders { get; init; } = [];

    /// <summary>Where models that are fetched come to lie: the first of <see cref="ModelFolders"/>, unless it is a model itself, else
    /// <c>models</c> beside <see cref="DataFolder"/>. Either is searched.</summary>
    public string FetchedModelsFolder => Path.GetFullPath(
        ModelFolders.FirstOrDefault(folder => !ModelShelf.LooksLikeModel(folder)) ?? Path.Combine(DataFolder, "..", "models"));

    /// <summary>How encoders run. Settings <c>encoder:*</c>.</summary>
    public EncoderOptions Encoder { get; init; } = new();

    /// <summary>Bounds on what is decoded. Settings <c>media:*</c>.</summary>
    public MediaLimits Limits { get; init; } = new();

    /// <summary>Which frames of a video are looked at. Settings <c>sampling:*</c>.</summary>
    public FrameSampling Sampling { get; init; } = new();

    /// <summary>Who answers questions, and from how much. Settings <c>answer:*</c>.</summary>
    public AnswerOptions Answer { get; init; } = new();

    /// <summary>How the rows of a new space are stored. Setting <c>rowFormat</c>.</summary>
    public RowFormat RowFormat { get; init; } = RowFormat.Float32;

    /// <summary>
    /// How the rows of an entry of a new space are made fewer before they are stored, see <see cref="Reductions"/>: <c>none</c>, or for
    /// instance <c>ward:3</c>. Rows that were reduced cannot be had back. Default none. Setting <c>reduction</c>.
    /// </summary>
    public string Reduction { get; init; } = Reductions.None;

    /// <summary>
    /// Tiles of a large picture that are encoded beside the whole, at most, for models that see every picture at one size (CLIP, SigLIP,
    /// the bundled one of photographs): small things are found, with their box, and indexing takes as many times longer. In [0, 16]; 0, the
    /// default, encodes the whole alone. Setting <c>pictureTiles</c>.
    /// </summary>
    public int PictureTiles { get; init; }

    /// <summary>
    /// Reads pages without a text layer, and pictures with much text, by OCR, once everything else of a run is stored; they wait until
    /// tesseract is installed. Default true. Setting <c>recognizeText</c>.
    /// </summary>
    public bool RecognizeText { get; init; } = true;

    /// <summary>Languages to recognise, by the names that tesseract has (<c>deu</c>). None, the default, takes those installed that are
    /// written as the first page is. Setting <c>recognitionLanguages</c>.</summary>
    public IReadOnlyList<string> RecognitionLanguages { get; init; } = [];

    /// <summary>
    /// Draws the pages of text documents and presentations of office programs by LibreOffice, once everything else of a run is stored, so
    /// that they are found by sight and shown; they wait until LibreOffice is installed. Default true. Setting <c>officePages</c>.
    /// </summary>
    public bool OfficePages { get; init; } = true;

    /// <summary>
    /// A Whisper model, as whisper.cpp has them (<c>ggml-base.bin</c>), that writes down what is said in videos without subtitles once
    /// everything else of a run is stored. Null, the default, listens to none. Setting <c>speechModel</c>.
    /// </summary>
    public string? SpeechModel { get; init; }

    /// <summary>Extensions of files that are read as plain text beside those that always are: <c>.py</c>, <c>.json</c>. None by default.
    /// Setting <c>textExtensions</c>.</summary>
    public IReadOnlyList<string> TextExtensions { get; init; } = [];

    /// <summary>Pictures decoded and encoded side by side. In [0, 1024], 0 = one per processor. Setting <c>threads</c>.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// A file that was written less than this long ago is looked at again before it counts as complete. Setting <c>quietPeriod</c>.
    /// </summary>
    public TimeSpan QuietPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Decoded pictures held at once while indexing, in bytes; one larger picture is read alone. Setting
    /// <c>pictureMemoryBytes</c>.</summary>
    public long PictureMemoryBytes { get; init; } = 256L << 20;

    /// <summary>Size of the cache of one collection, of pictures and of office documents as PDF; the least recently used go first. 0 keeps
    /// none, and then each picture of a page of an office document takes a conversion. Default 1 GiB. Setting
    /// <c>pictureCacheBytes</c>.</summary>
    public long PictureCacheBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Keeps the latest text queries of a collection in its folder, up to 512 KiB, so that tuning measures what is really asked.
    /// Off by default: what people search for is theirs. Setting <c>logQueries</c>.
    /// </summary>
    public bool LogQueries { get; init; }

    /// <summary>Opens collections for reading only, so that another process may write them. Setting <c>readOnly</c>.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// How long an exact search may be expected to take before a search without a wish uses a tier, and a space is given tiers. In
    /// [1 ms, 1 h]. Default 50 ms. Setting <c>latencyTarget</c>.
    /// </summary>
    public TimeSpan LatencyTarget { get; init; } = EngineDefaults.LatencyTarget;

    /// <summary>Bytes of packed rows that indexing holds before they are spilled to a segment file. In [1 MiB, 64 GiB]. Default 64 MiB.
    /// Setting <c>writeBufferBytes</c>.</summary>
    public long WriteBufferBytes { get; init; } = EngineDefaults.WriteBufferInBytes;

    /// <summary>
    /// Segments of about the same size that a space may have before they are merged in the background; 0 for no background merges, else
    /// in [2, 1000]. Default 8. Setting <c>mergeSegmentCount</c>.
    /// </summary>
    public int MergeSegmentCount { get; init; } = EngineDefaults.MergeSegmentCount;

    /// <summary>Trains, encodes and measures tiers and rewrites row formats in the background. Default true. Setting
    /// <c>buildTiersInBackground</c>.</summary>
    public bool BuildTiersInBackground { get; init; } = EngineDefaults.BuildTiersInBackground;

    /// <summary>Gives a space tiers once an exact search is expected to take longer than <see cref="LatencyTarget"/>, unless tiers were
    /// chosen for it. Default true. Setting <c>automaticTiers</c>.</summary>
    public bool AutomaticTiers { get; init; } = EngineDefaults.AutomaticTiers;

    // The clock of the quiet period; tests bring their own, so that no stall of the machine decides one.
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    // Looked in for tesseract, LibreOffice and mvr-speech before the folders of PATH; tests put programs there that fail.
    internal string? ToolFolder { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="InvalidSettingException">A value is out of range; names the setting and the value.</exception>
    public void Validate()
    {
        foreach (Setting setting in SettingTable.All)
        {
            setting.Validate(this);
        }
    }

    internal CollectionOptions ForCollections() => new()
    {
        SearchThreads = Threads,
        LatencyTarget = LatencyTarget,
        WriteBufferInBytes = WriteBufferBytes,
        MergeSegmentCount = MergeSegmentCount,
        BuildTiersInBackground = BuildTiersInBackground,
        AutomaticTiers = AutomaticTiers,
        YieldsLock = true,
    };

    internal IndexingOptions ForIndexing() => new()
    {
        DataFolder = DataFolder,
        Limits = Limits,
        Sampling = Sampling,
        PictureTiles = PictureTiles,
        RecognizeText = RecognizeText,
        RecognitionLanguages = RecognitionLanguages,
        OfficePages = OfficePages,
        CacheBytes = PictureCacheBytes,
        SpeechModel = SpeechModel,
        ToolFolder = ToolFolder,
        TextExtensions = TextExtensions,
        Threads = Threads,
        QuietPeriod = QuietPeriod,
        PictureMemoryBytes = PictureMemoryBytes,
        Clock = Clock,
    };
}
