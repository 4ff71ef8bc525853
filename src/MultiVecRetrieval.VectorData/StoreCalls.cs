using Microsoft.Extensions.VectorData;

namespace MultiVecRetrieval.VectorData;

/// <summary>Calls of the library on behalf of a store: on a thread of the pool, and what fails is a
/// <see cref="VectorStoreException"/> that says where.</summary>
internal sealed class StoreCalls(VectorStoreMetadata store, string? collection)
{
    public const string SystemName = "multivecretrieval";

    public Task<T> RunAsync<T>(string operation, Func<T> call, CancellationToken cancellationToken) =>
        RunAsync(operation, () => Task.Run(call, cancellationToken), cancellationToken);

    public Task RunAsync(string operation, Func<Task> call, CancellationToken cancellationToken) =>
        RunAsync(
            operation,
            async () =>
            {
                await call().ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    public async Task<T> RunAsync<T>(string operation, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not (OperationCanceledException or VectorStoreException))
        {
            // The abstraction wants one type for whatever a store fails with; the cause stays inside.
            throw new VectorStoreException(error.Message, error)
            {
                VectorStoreSystemName = store.VectorStoreSystemName,
                VectorStoreName = store.VectorStoreName,
                CollectionName = collection,
                OperationName = operation,
            };
        }
    }

    public Task EnsureDeletedAsync(Library library, CancellationToken cancellationToken) => RunAsync(
        "DeleteCollection",
        async () =>
        {
            try
            {
                await library.DeleteCollectionAsync(collection!, cancellationToken).ConfigureAwait(false);
            }
            catch (CollectionNotFoundException)
            {
                // It is gone, which is all that was asked for.
            }
        },
        cancellationToken);
}
