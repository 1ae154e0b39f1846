using System.Globalization;
using Pipeline.ProfilerPlants;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string which = args.Length > 0 ? args[0] : "all";
if (which is "all" or "fraction")
    await Questions.FractionAsync();
if (which is "all" or "predict")
    await Questions.PredictAsync();
if (which is "all" or "bottleneck")
    await Questions.BottleneckAsync();
if (which is "all" or "causes")
    await Questions.CausesAsync();
if (which is "all" or "whatif")
    await Questions.WhatIfAsync();
if (which is not "overhead")
    Console.WriteLine($"\nRuns made again because waits took longer than planted: {Plant.Repeated}; kept although they did: "
        + $"{Plant.KeptDisturbed}.");
if (which is "all" or "overhead")
    await Overhead.RunAsync();
