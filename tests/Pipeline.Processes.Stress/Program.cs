using System.Globalization;
using Pipeline.Processes;
using Pipeline.Processes.Stress;

// Kills, stops and terminates the workers of a pool at random while calls run, some of which are canceled, and checks that every call ends
// exactly once and that nothing is left afterwards.
//   Pipeline.Processes.Stress [--seconds 60] [--workers 4] [--seed N]
WorkerHost.Run(args, Storm.Register);
Dictionary<string, string> options = [];
for (int i = 0; i + 1 < args.Length; i += 2)
    options[args[i]] = args[i + 1];
int Number(string name, int otherwise) => options.TryGetValue(name, out string? text)
    ? int.Parse(text, CultureInfo.InvariantCulture)
    : otherwise;
return await new Storm(Number("--seconds", 60), Number("--workers", 4), Number("--seed", Environment.TickCount)).RunAsync();
