namespace Pipeline.Imaging.Internal;

/// <summary>Collects renditions and disposes them unless they were taken out whole.</summary>
internal sealed class RenditionList : IDisposable
{
    private List<Rendition> _made = [];

    public void Add(Rendition rendition) => _made.Add(rendition);

    /// <summary>Takes the renditions out; they belong to the caller now.</summary>
    public List<Rendition> Done()
    {
        List<Rendition> made = _made;
        _made = [];
        return made;
    }

    public void Dispose()
    {
        foreach (Rendition rendition in _made)
            rendition.Dispose();
    }
}
