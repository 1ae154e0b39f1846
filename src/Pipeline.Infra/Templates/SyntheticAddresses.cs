namespace Pipeline.Infra;

/// <summary>Stands in for addresses that AWS gives out, with blocks of their own that no template should use (3fff::/20 is reserved for documentation).</summary>
internal static class SyntheticAddresses
{
    internal static string Ipv6BlockOf(TemplateScope scope, ResourceEntry vpc)
    {
        // The number of the VPC among all resources makes the block its own; the stack's name keeps two templates apart.
        int index = 0;
        foreach (ResourceEntry resource in scope.Resources.Values)
        {
            if (ReferenceEquals(resource, vpc))
                break;
            index++;
        }

        int stack = 0;
        foreach (char c in scope.StackName)
            stack = ((stack * 31) + c) & 0xFFF;
        return $"3fff:{stack:x}:{index & 0xFF:x}00::/56";
    }
}
