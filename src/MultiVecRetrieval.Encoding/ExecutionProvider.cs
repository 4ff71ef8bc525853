namespace MultiVecRetrieval.Encoding;

/// <summary>Where inference runs.</summary>
public enum ExecutionProvider
{
    /// <summary>The processor; always there.</summary>
    Cpu = 0,

    /// <summary>An NVIDIA GPU; needs a build with the CUDA provider library and CUDA's own libraries on the machine.</summary>
    Cuda = 1,
}
