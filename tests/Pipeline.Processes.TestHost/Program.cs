using Pipeline.Processes;
using Pipeline.Processes.TestHost;

// A worker for tests: started by a pool it serves the functions below.
WorkerHost.Run(args, Functions.Register);
if (args is ["parent", string folder])
    return await Parent.RunAsync(folder);
if (args is ["journal", string journal, string results, string items, string most])
    return await Journaled.RunAsync(
        journal,
        results,
        int.Parse(items, System.Globalization.CultureInfo.InvariantCulture),
        int.Parse(most, System.Globalization.CultureInfo.InvariantCulture));
Console.Error.WriteLine("This program is a worker for tests.");
return 2;
