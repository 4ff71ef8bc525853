namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>What the bytes of a file say it is.</summary>
public enum MediaFormat
{
    /// <summary>None of the formats below.</summary>
    Unknown = 0,

    /// <summary>JPEG picture.</summary>
    Jpeg,

    /// <summary>PNG picture; of an animated one, the default picture.</summary>
    Png,

    /// <summary>WebP picture, lossy or lossless; of an animated one, some frames.</summary>
    WebP,

    /// <summary>GIF picture; of an animated one, some frames.</summary>
    Gif,

    /// <summary>TIFF or BigTIFF picture, or scans of several pages.</summary>
    Tiff,

    /// <summary>Windows bitmap.</summary>
    Bmp,

    /// <summary>AV1 picture in an ISO base media file.</summary>
    Avif,

    /// <summary>HEVC picture in an ISO base media file (HEIC); recognised, but no decoder for it is bundled.</summary>
    Heif,

    /// <summary>SVG drawing; recognised and refused, because it may refer to other files.</summary>
    Svg,

    /// <summary>PDF document.</summary>
    Pdf,

    /// <summary>MP4, QuickTime or 3GP video.</summary>
    Mp4,

    /// <summary>Matroska or WebM video.</summary>
    Matroska,

    /// <summary>AVI video.</summary>
    Avi,

    /// <summary>MPEG transport stream.</summary>
    MpegTs,

    /// <summary>MPEG program stream or elementary MPEG-1/2 video.</summary>
    MpegPs,

    /// <summary>Ogg video.</summary>
    Ogg,

    /// <summary>Windows Media (ASF) video.</summary>
    Asf,

    /// <summary>Flash video.</summary>
    Flv,

    /// <summary>Plain text; bytes alone do not tell it from source code, so the name decides.</summary>
    PlainText,

    /// <summary>Markdown; plain text whose name says so.</summary>
    Markdown,

    /// <summary>HTML page.</summary>
    Html,

    /// <summary>Word document of today (docx, docm).</summary>
    Word,

    /// <summary>PowerPoint presentation of today (pptx, ppsx).</summary>
    Presentation,

    /// <summary>Excel workbook of today (xlsx, xlsm).</summary>
    Workbook,

    /// <summary>OpenDocument text, presentation or sheet (odt, odp, ods); read where LibreOffice is installed.</summary>
    OpenDocument,

    /// <summary>Office document of before 2007 (doc, xls, ppt); read where LibreOffice is installed.</summary>
    LegacyOffice,

    /// <summary>Office document that opens only with a password.</summary>
    EncryptedOffice,
}
