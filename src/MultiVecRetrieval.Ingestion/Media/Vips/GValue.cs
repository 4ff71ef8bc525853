using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Ingestion.Media.Vips;

/// <summary>GObject's generic value: a type and two words of data.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    public nuint Type;
    public ulong First;
    public ulong Second;
}
