namespace MultiVecRetrieval.Ingestion.Media.Vips;

/// <summary>libvips refused; its messages are fetched by whoever catches this.</summary>
internal sealed class VipsFailure : Exception
{
    public VipsFailure()
        : base("libvips reported an error.")
    {
    }
}
