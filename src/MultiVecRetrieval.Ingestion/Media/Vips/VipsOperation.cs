using System.Globalization;

namespace MultiVecRetrieval.Ingestion.Media.Vips;

/// <summary>A libvips operation: arguments are set by name, then it is built, then results are taken.</summary>
internal sealed class VipsOperation : IDisposable
{
    private VipsHandle _operation;
    private bool _isBuilt;

    /// <summary>Prepares an operation by its nickname, such as <c>jpegload_source</c>.</summary>
    /// <exception cref="VipsFailure">There is none of that name.</exception>
    public VipsOperation(string name) => _operation = new VipsHandle(VipsNative.CreateOperation(name));

    /// <summary>Sets an argument from its text; enumerations by nickname.</summary>
    public VipsOperation Set(string name, string value)
    {
        Check(VipsNative.SetArgument(_operation.Pointer, name, value));
        return this;
    }

    /// <summary>Sets a whole-number argument.</summary>
    public VipsOperation Set(string name, int value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sets an image or source argument; the operation takes a reference of its own.</summary>
    /// <param name="name">Name of the argument.</param>
    /// <param name="typeName">Its GObject type: <c>VipsImage</c> or <c>VipsSource</c>.</param>
    /// <param name="instance">The object.</param>
    public VipsOperation Set(string name, string typeName, VipsHandle instance)
    {
        GValue value = default;
        VipsNative.InitializeValue(ref value, VipsNative.FindType(typeName));
        VipsNative.SetValue(ref value, instance.Pointer);
        VipsNative.SetProperty(_operation.Pointer, name, ref value);
        VipsNative.UnsetValue(ref value);
        return this;
    }

    /// <summary>Builds and takes the output image.</summary>
    /// <exception cref="VipsFailure">The operation failed.</exception>
    public VipsHandle BuildImage()
    {
        Build();
        GValue value = default;
        VipsNative.InitializeValue(ref value, VipsNative.FindType("VipsImage"));
        VipsNative.GetProperty(_operation.Pointer, "out", ref value);
        nint image = VipsNative.CopyObject(ref value);
        VipsNative.UnsetValue(ref value);
        return new VipsHandle(image);
    }

    /// <summary>Builds and copies the output bytes.</summary>
    /// <exception cref="VipsFailure">The operation failed.</exception>
    public unsafe byte[] BuildBytes()
    {
        Build();
        GValue value = default;
        VipsNative.InitializeValue(ref value, VipsNative.FindType("VipsBlob"));
        VipsNative.GetProperty(_operation.Pointer, "buffer", ref value);
        nint blob = VipsNative.GetBoxed(ref value);
        byte[] bytes = blob == 0
            ? throw new VipsFailure()
            : new ReadOnlySpan<byte>((void*)VipsNative.GetBlob(blob, out nuint length), (int)length).ToArray();
        VipsNative.UnsetValue(ref value);
        return bytes;
    }

    /// <summary>Releases the operation and what results nobody took.</summary>
    public void Dispose()
    {
        if (_isBuilt)
        {
            VipsNative.ReleaseOutputs(_operation.Pointer);
        }

        _operation.Dispose();
    }

    private static void Check(int status)
    {
        if (status != 0)
        {
            throw new VipsFailure();
        }
    }

    // Building returns another reference, possibly to another instance; a failed build leaves outputs on the first one.
    private void Build()
    {
        nint built = VipsNative.BuildOperation(_operation.Pointer);
        if (built == 0)
        {
            VipsNative.ReleaseOutputs(_operation.Pointer);
            throw new VipsFailure();
        }

        _operation.Dispose();
        _operation = new VipsHandle(built);
        _isBuilt = true;
    }
}
