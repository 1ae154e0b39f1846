using Pipeline.Sync.Stress;

// Shows what Pipeline.Sync promises by killing processes at random. Each show runs worker processes of this same program.
//   storm    [--seconds 30] [--kills 200] [--processes 6] [--permits 3] [--no-lock]
//   fairness [--seconds 20] [--processes 6] [--permits 2]
//   billing  [--kills 200] [--units 20000] [--processes 4]
//   counters [--processes 4] [--increments 3000000] [--kills 20]
//   deadlock
//   all      short forms of all, the negative control included
// Exit code 0 when everything held, 1 when something did not, 2 for wrong usage.
return args.Length == 0 ? Usage() : args[0] switch
{
    "storm" => await LicenseStorm.RunAsync(new Settings(args)),
    "fairness" => await Fairness.RunAsync(new Settings(args)),
    "billing" => await BillingTruth.RunAsync(new Settings(args)),
    "counters" => await CounterTruth.RunAsync(new Settings(args)),
    "deadlock" => await CircularWait.RunAsync(new Settings(args)),
    "all" => await ShortForms.RunAsync(),
    "storm-worker" => await LicenseStorm.WorkAsync(new Settings(args)),
    "hold-worker" => await LicenseStorm.HoldAsync(new Settings(args)),
    "fairness-worker" => await Fairness.WorkAsync(new Settings(args)),
    "billing-worker" => await BillingTruth.WorkAsync(new Settings(args)),
    "counters-worker" => CounterTruth.Work(new Settings(args)),
    "deadlock-worker" => await CircularWait.WorkAsync(new Settings(args)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: storm | fairness | billing | counters | deadlock | all, with options --name VALUE");
    return 2;
}
