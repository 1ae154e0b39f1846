using Pipeline.Cli;
using Pipeline.Processes;

// A worker process of the photo job whose decoder brings the process down on photos of a certain name, as a defect in native code does.
WorkerHost.Run(args, workers => workers.AddAsync(
    PhotoProcesses.FunctionName,
    PhotoOrderJson.Default.PhotoOrder,
    PhotoOrderJson.Default.PhotoOutcome,
    () => new PhotoWorker(),
    (worker, order, _) =>
    {
        if (Path.GetFileName(order.Photo.Path).StartsWith("crashes_the_decoder", StringComparison.Ordinal))
            Environment.FailFast($"The decoder crashed on '{order.Photo.Path}'.");
        return worker.DevelopAsync(order);
    }));
