using FsCheck.Xunit;

namespace Pipeline.Testing.Xunit;

/// <summary>A property test over schedules: parameters of type <see cref="Schedule"/> and <see cref="ProgramSketch"/> are generated, and shrink to the
/// smallest interleaving.</summary>
/// <remarks>Runs 500 cases unless <see cref="PropertyAttribute.MaxTest"/> says otherwise. The seed of a failure is printed.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InterleavingPropertyAttribute : PropertyAttribute
{
    /// <summary>Creates the attribute.</summary>
    public InterleavingPropertyAttribute()
    {
        Arbitrary = [typeof(InterleavingArbitraries)];
        MaxTest = 500;
        QuietOnSuccess = true;
    }
}
