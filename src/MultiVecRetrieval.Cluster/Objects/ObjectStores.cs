namespace MultiVecRetrieval.Cluster;

/// <summary>Opens a store of objects by its address.</summary>
public static class ObjectStores
{
    private const string S3Scheme = "s3://";

    /// <summary>Opens one.</summary>
    /// <param name="address"><c>s3://BUCKET</c> or <c>s3://BUCKET/PREFIX</c> for a store that speaks S3, else a folder, which is made when
    /// something is put. Credentials, region and endpoint of S3 come from the environment and the profile of the AWS SDK:
    /// <c>AWS_ACCESS_KEY_ID</c>, <c>AWS_SECRET_ACCESS_KEY</c>, <c>AWS_REGION</c>, <c>AWS_ENDPOINT_URL_S3</c> (or
    /// <c>AWS_ENDPOINT_URL</c>) for another store than Amazon's.</param>
    /// <exception cref="ObjectStoreException">The address names no bucket, or no region and endpoint are set.</exception>
    public static IObjectStore Open(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        if (!address.StartsWith(S3Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return !address.Contains("://", StringComparison.Ordinal)
                ? new FolderObjectStore(address)
                : throw new ObjectStoreException($"{address} is no store of objects: s3://BUCKET/PREFIX or a folder is.");
        }

        string[] parts = address[S3Scheme.Length..].Split('/', 2);
        return parts[0].Length > 0
            ? S3ObjectStore.Open(parts[0], parts.Length > 1 ? parts[1].Trim('/') : "")
            : throw new ObjectStoreException($"{address} names no bucket: s3://BUCKET/PREFIX does.");
    }
}
