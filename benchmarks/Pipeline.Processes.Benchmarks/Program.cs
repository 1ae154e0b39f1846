using Pipeline.Processes;
using Pipeline.Processes.Benchmarks;

// A worker gets no further than this line. The rest is elsewhere: all of Main is compiled before its first line runs, and more when it is asynchronous.
WorkerHost.Run(args, Functions.Register);
return Questions.RunAsync(args).GetAwaiter().GetResult();
