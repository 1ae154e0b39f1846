using Pipeline.Benchmarks;

string question = args.Length > 0 ? args[0] : "";
int rounds = args.Length > 1 ? int.Parse(args[1]) : 7;
switch (question)
{
    case "hops":
        await Hops.RunAsync(rounds);
        break;
    case "bodies":
        await Bodies.RunAsync(rounds, args.Length > 2 ? int.Parse(args[2]) : null);
        break;
    case "short":
        await ShortRuns.RunAsync(rounds);
        break;
    case "stragglers":
        await Stragglers.RunAsync(rounds);
        break;
    case "memory":
        await Memory.RunAsync(rounds);
        break;
    case "faults":
        await Faults.RunAsync(rounds);
        break;
    case "observing":
        await Observing.RunAsync(rounds);
        break;
    default:
        Console.Error.WriteLine(
            "Usage: Pipeline.Benchmarks hops|bodies|short|stragglers|memory|faults|observing [rounds]\n       Pipeline.Benchmarks "
                + "bodies [rounds] [1|10|100, µs]");
        return 2;
}

return 0;
