namespace Pipeline.Sync.Stress;

/// <summary>All shows in a form that takes well under a minute, and the negative control that must fail.</summary>
internal static class ShortForms
{
    public static async Task<int> RunAsync()
    {
        int failed = await LicenseStorm.RunAsync(new Settings(["--seconds", "8", "--kills", "25"]));
        Console.WriteLine("negative control: the next storm must fail");
        failed += 1 - await LicenseStorm.RunAsync(new Settings(["--seconds", "4", "--kills", "5", "--no-lock"]));
        failed += await CounterTruth.RunAsync(new Settings(["--increments", "1000000", "--kills", "5"]));
        failed += await BillingTruth.RunAsync(new Settings(["--units", "4000", "--kills", "25"]));
        failed += await CircularWait.RunAsync(new Settings([]));
        Console.WriteLine(failed == 0 ? "all held" : $"{failed} FAILED");
        return failed == 0 ? 0 : 1;
    }
}
