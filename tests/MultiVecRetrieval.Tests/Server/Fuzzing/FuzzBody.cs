namespace MultiVecRetrieval.Tests.Server.Fuzzing;

/// <summary>A body to send, whatever it is.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="ContentType">As the header says it, even where that is no type; null for no header.</param>
internal sealed record FuzzBody(byte[] Bytes, string? ContentType = FuzzBody.Json)
{
    public const string Json = "application/json";

    public FuzzBody(string text, string? contentType = Json)
        : this(System.Text.Encoding.UTF8.GetBytes(text), contentType)
    {
    }

    /// <summary>Enough of it to send it again by hand.</summary>
    public override string ToString()
    {
        string text = System.Text.Encoding.Latin1.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 1500)));
        return $"[{ContentType ?? "no content type"}, {Bytes.Length} bytes] {text}";
    }
}
