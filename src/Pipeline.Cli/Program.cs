using System.Runtime.InteropServices;
using Pipeline.Cli;

WorkerHost.Run(args, workers => ProfileProcess.Register(PhotoProcesses.Register(workers)));
using Interrupts interrupts = new();

void OnSignal(PosixSignalContext context)
{
    context.Cancel = true;
    // Native code cannot be interrupted; a third signal ends the process at any point. Outputs are renamed into place when they are complete, so this leaves no
    // half-written photo.
    if (interrupts.Signal() > 2)
        Environment.Exit(ExitCodes.Interrupted);
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);

return await CliApplication.RunAsync(args, new CliEnvironment
{
    Out = Console.Out,
    Error = Console.Error,
    In = Console.IsInputRedirected || Console.IsOutputRedirected ? null : Console.In,
    OutIsTerminal = !Console.IsOutputRedirected,
    ErrorIsTerminal = !Console.IsErrorRedirected,
    Interrupts = interrupts,
}).ConfigureAwait(false);
