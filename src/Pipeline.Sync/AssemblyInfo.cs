using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

// Tests replace the kernel lock by one that does nothing, to show that they would notice.
[assembly: InternalsVisibleTo("Pipeline.Sync.Tests")]
[assembly: InternalsVisibleTo("Pipeline.Sync.Stress")]
