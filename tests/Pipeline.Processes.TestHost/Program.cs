using Pipeline.Core;
using Pipeline.Processes.TestHost;

// A worker for tests: started by a pool it serves the functions below.
WorkerHost.Run(args, Functions.Register);
Console.Error.WriteLine("This program is a worker for tests.");
return 2;
