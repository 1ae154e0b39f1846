using System.Globalization;
using Pipeline.Faults;

// Interrupts and hinders runs of 'pipeline process' and checks what is reported, charged and left.
//   Pipeline.Faults storm [--kills 40] [--seed N]           signals to runs and workers; every job is resumed until it is done
//   Pipeline.Faults inject [--executor tasks] [--step 1] [--call fsync]     one failing system call after the other; every STEP-th of each kind
//   Pipeline.Faults second-user [--executor processes]       what another local user can do; needs root
//   Pipeline.Faults short | long                             all of them, as CI runs them
Dictionary<string, string> options = [];
for (int i = 1; i + 1 < args.Length; i += 2)
    options[args[i]] = args[i + 1];
int Number(string name, int otherwise) => options.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
string Text(string name, string otherwise) => options.GetValueOrDefault(name, otherwise);

int In(Func<string, int> run)
{
    string folder = Directory.CreateTempSubdirectory("pipeline-faults-").FullName;
    try
    {
        return run(folder);
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

int Storms(int kills) => In(folder => Verdict.Print(new Storm(kills, Number("--seed", Environment.TickCount & int.MaxValue)).Run(folder), "storm none"));
// Rows of calls that a short form leaves out are not judged, so only the full form says which rows are out of date.
int Injections(string executor, int step) => In(folder => Verdict.Print(new Injection(executor, step, Text("--call", "")).Run(folder), step == 1 && !options.ContainsKey("--call") ? $"inject {executor} " : "inject none"));
int Users(string executor) => In(folder => Verdict.Print(new SecondUser(executor).Run(folder), Environment.IsPrivilegedProcess ? $"second-user {executor} " : "second-user none"));

switch (args.FirstOrDefault())
{
    case "storm":
        return Storms(Number("--kills", 40));
    case "inject":
        return Injections(Text("--executor", "tasks"), Number("--step", 1));
    case "second-user":
        return Users(Text("--executor", "processes"));
    case "short":
        return Storms(12) | Injections("tasks", 9) | Users("tasks") | Users("processes");
    case "long":
        return Storms(200) | Injections("tasks", 1) | Injections("processes", 1) | Users("tasks") | Users("processes");
    default:
        Console.Error.WriteLine("Usage: Pipeline.Faults storm [--kills N] [--seed N] | inject [--executor tasks|processes] [--step N] [--call NAME] | second-user [--executor tasks|processes] | short | long");
        return 2;
}
