namespace Pipeline.Infra;

/// <summary>Applies a mask to layers.</summary>
internal static class LayerMaskExtensions
{
    internal static bool Leaves(this LayerMask mask, Layer layer) => mask switch
    {
        LayerMask.WithoutGroups => layer != Layer.Group,
        LayerMask.WithoutAcls => layer != Layer.Acl,
        _ => true,
    };
}
