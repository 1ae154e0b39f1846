using Pipeline.Core;
using Pipeline.Processes.TestHost;

// A worker for tests: started by a pool it serves the functions below.
WorkerHost.Run(args, Functions.Register);
if (args is ["parent", string folder])
    return await Parent.RunAsync(folder);
Console.Error.WriteLine("This program is a worker for tests.");
return 2;
