using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Ingestion.Media.Vips;

/// <summary>One reference to a GObject (image, source, operation).</summary>
internal sealed class VipsHandle : SafeHandle
{
    /// <summary>Takes over a reference.</summary>
    /// <exception cref="VipsFailure">The pointer is null, which is how libvips reports errors.</exception>
    public VipsHandle(nint instance)
        : base(0, ownsHandle: true)
    {
        if (instance == 0)
        {
            throw new VipsFailure();
        }

        SetHandle(instance);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The pointer; valid while this handle is not disposed.</summary>
    public nint Pointer => handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        VipsNative.Release(handle);
        return true;
    }
}
