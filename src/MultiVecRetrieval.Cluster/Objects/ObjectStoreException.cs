namespace MultiVecRetrieval.Cluster;

/// <summary>A store of objects refused what was asked, or could not be reached.</summary>
/// <param name="message">What happened, and what to set.</param>
/// <param name="cause">The store's own error.</param>
public class ObjectStoreException(string message, Exception? cause = null) : IOException(message, cause);
