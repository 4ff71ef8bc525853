using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MultiVecRetrieval.ModelFolders;

/// <summary>Reads the files that an assembly carries inside, without loading it.</summary>
internal static class ManifestResources
{
    /// <summary>The bytes of the resource with the given name.</summary>
    /// <exception cref="InvalidDataException">The assembly carries no such resource.</exception>
    public static byte[] Read(string assemblyPath, string name)
    {
        using PEReader assembly = new(File.OpenRead(assemblyPath));
        MetadataReader metadata = assembly.GetMetadataReader();
        PEMemoryBlock resources = assembly.GetSectionData(assembly.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
        foreach (ManifestResource resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            if (resource.Implementation.IsNil && metadata.GetString(resource.Name) == name)
            {
                BlobReader reader = resources.GetReader((int)resource.Offset, resources.Length - (int)resource.Offset);
                return reader.ReadBytes(reader.ReadInt32());
            }
        }

        throw new InvalidDataException($"{assemblyPath} carries no resource {name}.");
    }
}
