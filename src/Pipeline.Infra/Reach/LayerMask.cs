namespace Pipeline.Infra;

/// <summary>Which layer is set to allow-all, to see what the others prove without it.</summary>
internal enum LayerMask
{
    None,
    WithoutGroups,
    WithoutAcls,
}
