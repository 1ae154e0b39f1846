namespace Pipeline.Jobs.Imaging;

/// <summary>Stores outputs as artifacts of the running attempt and remembers what they are called.</summary>
internal sealed class ArtifactObjectStore(JobContext context, string contentType) : IObjectStore
{
    public async ValueTask<string> PutAsync(string name, ReadOnlyMemory<byte> content, string sourcePath, CancellationToken cancellationToken)
    {
        using MemoryStream stream = new(content.ToArray(), writable: false);
        ArtifactInfo info = await context.PutAsync(name, stream, contentType, cancellationToken).ConfigureAwait(false);
        return info.Name;
    }
}
