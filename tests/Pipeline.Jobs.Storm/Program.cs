using Pipeline.Jobs.Storm;

// storm [--jobs N] [--workers N] [--seconds N] [--seed S] [--mutation none|no-fencing|heartbeat-by-timer|charge-before-commit]
// Workers are processes that are killed, stopped past their lease and continued, and told to end, at random. Exit code 0: every promise held.
if (args is ["worker", string folder, string name, string mutationName])
    return await StormWorker.RunAsync(folder, name, Enum.Parse<Mutation>(mutationName));

StormOptions options = StormOptions.Read(args);
Console.WriteLine($"storm: {options}");
return await new Storm(options).RunAsync() ? 0 : 1;
