namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A file that cannot be used: corrupt, unsupported, or over a limit.</summary>
public class MediaException : Exception
{
    /// <summary>Creates an error with a reason that a person understands.</summary>
    /// <param name="reason">One sentence: what is wrong, with expected and actual where there are any.</param>
    /// <param name="setting">The setting that refused, as in appsettings.json (<c>media:maxImagePixels</c>); null when none did.</param>
    /// <param name="inner">The error below, if any.</param>
    public MediaException(string reason, string? setting = null, Exception? inner = null)
        : base(setting is null ? reason : $"{reason} (setting {setting})", inner)
    {
        Reason = reason;
        Setting = setting;
    }

    /// <summary>What is wrong, without the name of the setting.</summary>
    public string Reason { get; }

    /// <summary>The setting that refused, such as <c>media:maxImagePixels</c>; null when the file itself is at fault.</summary>
    public string? Setting { get; }
}
