using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace MultiVecRetrieval.Cluster;

/// <summary>Objects of a bucket, under a prefix.</summary>
internal sealed class S3ObjectStore : IObjectStore
{
    private const int RetryCount = 5;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _prefix;

    internal S3ObjectStore(AmazonS3Client client, string bucket, string prefix)
    {
        (_client, _bucket) = (client, bucket);
        _prefix = prefix.Length == 0 ? "" : $"{prefix}/";
    }

    public string Address => $"s3://{_bucket}/{_prefix}".TrimEnd('/');

    /// <exception cref="ObjectStoreException">No region is known.</exception>
    public static S3ObjectStore Open(string bucket, string prefix)
    {
        AmazonS3Config config = new();
        Configure(
            config,
            Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_S3") ?? Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL"));
        try
        {
            return new S3ObjectStore(new AmazonS3Client(config), bucket, prefix);
        }
        catch (AmazonClientException error)
        {
            throw new ObjectStoreException($"s3://{bucket} cannot be opened: {error.Message.TrimEnd('.')}. Set AWS_REGION, or AWS_ENDPOINT_URL_S3 for another store than Amazon's.", error);
        }
    }

    internal static void Configure(AmazonS3Config config, string? endpoint)
    {
        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = RetryCount;
        config.Timeout = Timeout;

        // Other stores know fewer kinds of checksums than Amazon's; each object is sent with its SHA-256, and read against it by whoever
        // put it.
        config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
        config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        if (!string.IsNullOrEmpty(endpoint))
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";

            // Names of buckets as names of hosts need a DNS that a store of one's own rarely has.
            config.ForcePathStyle = true;
        }
    }

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => RunAsync(
        key,
        async () =>
        {
            ArraySegment<byte> array = MemoryMarshal.TryGetArray(content, out ArraySegment<byte> own) ? own : content.ToArray();
            using MemoryStream stream = new(array.Array!, array.Offset, array.Count, writable: false);
            await _client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = _bucket,
                    Key = _prefix + key,
                    InputStream = stream,
                    ChecksumSHA256 = Convert.ToBase64String(SHA256.HashData(content.Span)),
                    UseChunkEncoding = false,
                    AutoCloseStream = false,
                },
                cancellationToken).ConfigureAwait(false);
            return true;
        });

    public Task<byte[]> GetAsync(string key, CancellationToken cancellationToken) => RunAsync(
        key,
        async () =>
        {
            using GetObjectResponse response = await _client.GetObjectAsync(
                _bucket, _prefix + key, cancellationToken).ConfigureAwait(false);
            byte[] content = new byte[response.ContentLength];
            int read = await response.ResponseStream.ReadAtLeastAsync(
                content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return read == content.Length
                ? content
                : throw new ObjectStoreException($"{Address} gave {read} of the {content.Length} bytes of '{key}'.");
        });

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = new() { BucketName = _bucket, Prefix = _prefix + prefix };
        while (true)
        {
            ListObjectsV2Response page = await RunAsync(
                prefix, () => _client.ListObjectsV2Async(request, cancellationToken)).ConfigureAwait(false);
            foreach (S3Object found in page.S3Objects ?? [])
            {
                yield return new StoredObject(
                    found.Key[_prefix.Length..],
                    found.Size ?? 0,
                    new DateTimeOffset((found.LastModified ?? default).ToUniversalTime(), TimeSpan.Zero));
            }

            if (page.IsTruncated != true)
            {
                yield break;
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => RunAsync(
        key, () => _client.DeleteObjectAsync(_bucket, _prefix + key, cancellationToken));

    public void Dispose() => _client.Dispose();

    private async Task<T> RunAsync<T>(string key, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchKey")
        {
            throw new ObjectNotFoundException(Address, key);
        }
        catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchBucket")
        {
            throw new ObjectStoreException($"There is no bucket '{_bucket}' at {_client.Config.ServiceURL ?? "Amazon S3"}: make it first.", error);
        }
        catch (AmazonS3Exception error) when (error.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            throw new ObjectStoreException(
                $"{Address} refused '{key}': {error.Message} AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile, must allow it.", error);
        }
        catch (Exception error) when (error is AmazonClientException or AmazonServiceException or HttpRequestException or WebException
            or XmlException or IOException and not ObjectStoreException)
        {
            throw new ObjectStoreException($"{Address}, '{key}': {error.Message}", error);
        }
    }
}
