namespace Pipeline.Lab;

internal static class L09LostPermit
{
    public static Lesson Create() => new()
    {
        Id = "L9",
        Name = "lost-permit",
        Title = "A license that dies with its holder",
        Problem = "Two worker processes share one filter license, counted in a semaphore in shared memory. A worker can be killed at "
            + "any moment "
            + "(out of memory, power button, kill -9). A kill runs no finally block.",
        BrokenCode = LessonSource.Of(nameof(L09LostPermit), "broken"),
        Prediction = new Prediction(
            "A worker is killed between taking and returning the license. What about the other worker?",
            ["it goes on: finally returns the license", "it waits for ever", "it gets an exception"],
            1,
            "Nobody is left who knows that the license is owed. The count says zero, and zero it stays until the machine restarts."),
        Hint = "Who knows for certain that a process has died, without asking it?",
        Fix = "Let the operating system keep the record: holding the license is holding a kernel lock on a file, and the kernel drops "
            + "the locks of the dead. CrossProcessSemaphore works like this.",
        FixedCode = LessonSource.Of(nameof(L09LostPermit), "fixed"),
        Broken = new ModelProgram("L9 broken", Broken, crashes: 1),
        Repaired = new ModelProgram("L9 repaired", Repaired, crashes: 2),
        ExpectedTrace =
            """
            step   worker 1                            worker 2
               0   take a permit of license (0 left)
               1   KILLED
            => lost permit: the holder is gone, and the others wait for ever
                 worker 2 wants license (held by worker 1, which is gone)
            """,
    };

    private static void Broken(ModelWorld world)
    {
        // broken
        ModelSemaphore license = world.Semaphore("license", permits: 1, CrashEffect.StaysHeld);
        for (int worker = 1; worker <= 2; worker++)
        {
            world.Process($"worker {worker}", async _ =>
            {
                await license.Acquire();
                try
                {
                    await world.Yield();            // filter the photo
                }
                finally
                {
                    await license.Release();        // a killed process never gets here
                }
            });
        }
        // end
    }

    private static void Repaired(ModelWorld world)
    {
        // fixed
        ModelSemaphore license = world.Semaphore("license", permits: 1, CrashEffect.ReturnedByKernel);
        for (int worker = 1; worker <= 2; worker++)
        {
            world.Process($"worker {worker}", async _ =>
            {
                await license.Acquire();
                try
                {
                    await world.Yield();            // filter the photo
                }
                finally
                {
                    await license.Release();
                }
            });
        }
        // end
    }
}
