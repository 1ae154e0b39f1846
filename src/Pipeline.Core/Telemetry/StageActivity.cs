namespace Pipeline.Core;

/// <summary>The activity of one turn of a stage. It is current while the stage's code runs, so that what the code calls is part of it.</summary>
/// <remarks>Nothing here throws: a listener that does is no failure of the item, and no caller on a carrier thread could catch it.</remarks>
internal static class StageActivity
{
    /// <summary>Starts the activity of a turn as a part of the run's; null when no listener samples it.</summary>
    public static Activity? Start(string pipeline, string stage, Activity run, int items)
    {
        Activity? activity = null;
        try
        {
            activity = Instruments.Activities.CreateActivity("pipeline.stage", ActivityKind.Internal, run.Context)
                ?.SetTag("pipeline.name", pipeline)
                .SetTag("pipeline.stage.name", stage)
                .SetTag("pipeline.stage.items", items);
            activity?.Start();
        }
        catch (Exception)
        {
            // A listener's failure is no failure of the run.
        }

        return activity;
    }

    public static void End(Activity activity, Exception? error)
    {
        if (error is not null)
            activity.SetTag("error.type", error.GetType().FullName).SetStatus(ActivityStatusCode.Error, error.Message);
        try
        {
            activity.Dispose();
        }
        catch (Exception)
        {
            // See Start.
        }
    }
}
