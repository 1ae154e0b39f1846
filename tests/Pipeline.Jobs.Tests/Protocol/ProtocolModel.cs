namespace Pipeline.Jobs.Tests;

/// <summary>
/// The protocol as a state model. Every step of every participant is one move, so a crash, a pause or the end of a lease can come between any two.
/// The rules of the product are the moves; a mutation changes one of them.
/// </summary>
public sealed class ProtocolModel(Mutation mutation = Mutation.None)
{
    private const byte MaxDeaths = 2;
    private const byte MaxDrains = 1;

    public static ProtocolState Initial { get; } = new(CallState.Calling, RowState.Missing, 0, 0, 0, 0, 0, default, default, 0, 0, Charged: false, IsDropped: false, DoubleWork: false);

    /// <summary>Gives the moves of the system: what happens by itself as long as somebody runs it.</summary>
    public IEnumerable<(string Move, ProtocolState Next)> SystemMoves(ProtocolState s)
    {
        // The caller repeats its call with the same key until it is answered; the row is stored once.
        if (s.Call == CallState.Calling && s.Row == RowState.Missing)
        {
            yield return ("store row", s with { Row = RowState.Queued });
            if (mutation == Mutation.AnswerBeforeRow)
                yield return ("answer 202", s with { Call = CallState.Accepted });
        }

        if (s.Call == CallState.Calling && s.Row != RowState.Missing)
            yield return ("answer 202", s with { Call = CallState.Accepted });

        // Sent after the row; the reconciler sends again when the message was lost or never sent. Too many are harmless.
        if (s.Row == RowState.Queued && s.Messages < 2 && mutation != Mutation.NoReconciler)
            yield return ("send message", s with { Messages = (byte)(s.Messages + 1) });
        if (s.Row == RowState.Queued && s.Messages == 0 && s.Drawn == 0 && mutation == Mutation.NoReconciler && s.Call == CallState.Calling)
            yield return ("send message", s with { Messages = 1 });

        for (int w = 0; w < 2; w++)
        {
            foreach ((string Move, ProtocolState Next) move in WorkerMoves(s, w))
                yield return move;
        }

        // A lease runs out when its holder has not got on for its whole length: dead, stopped or hanging. Any process notices.
        if (s.Row == RowState.Running && !IsKeptAlive(s))
            yield return ("lease runs out", Bury(s));

        // Settlement: any process, after the end of the job, again and again until it is noted; the ledger knows the key.
        if (s.Row == RowState.Done && !s.Charged)
            yield return ("settle: charge", s with { Charged = true });
    }

    /// <summary>Gives the moves of bad luck: what may happen at any time, and may never happen.</summary>
    public IEnumerable<(string Move, ProtocolState Next)> BadMoves(ProtocolState s)
    {
        if (s.Messages > 0)
            yield return ("queue loses a message", s with { Messages = (byte)(s.Messages - 1) });
        for (int w = 0; w < 2; w++)
        {
            ModelWorker worker = s[w];
            string name = w == 0 ? "A" : "B";
            if (worker.Step != WorkerStep.Idle)
                yield return ($"{name} is killed", s.With(w, default));
            if (worker.Step != WorkerStep.Idle && !worker.IsPaused)
                yield return ($"{name} is stopped", s.With(w, worker with { IsPaused = true }));
            if (worker.Step == WorkerStep.Working && !worker.IsPaused)
                yield return ($"{name} hangs", s.With(w, worker with { Step = WorkerStep.Hanging }));
            if (worker.Step == WorkerStep.Working && !worker.IsPaused && s.Drains < MaxDrains && IsMine(s, worker))
                yield return ($"{name} drains and gives the job back", Release(s, w));
        }
    }

    /// <summary>Says what is wrong with a state; null for nothing.</summary>
    public static string? Violation(ProtocolState s)
    {
        if (s.Call == CallState.Accepted && s.Row == RowState.Missing)
            return "accepted, but not stored";
        if (s.Endings > 1)
            return "the job ended twice";
        if (s.WrongCommits > 0)
            return "a commit was taken from a lease that had run out";
        if (s.DoubleWork)
            return "two bodies ran at once although no lease had run out";
        if (s.Charged && s.Row == RowState.Failed)
            return "charged, but nothing was published";
        return null;
    }

    private static ProtocolState Bury(ProtocolState s, bool counts = true)
    {
        byte deaths = (byte)(counts ? s.Deaths + 1 : s.Deaths);
        return deaths >= MaxDeaths
            ? s with { Row = RowState.Failed, Token = 0, Deaths = deaths, Endings = (byte)(s.Endings + 1) }
            : s with { Row = RowState.Queued, Token = 0, Deaths = deaths };
    }

    private IEnumerable<(string Move, ProtocolState Next)> WorkerMoves(ProtocolState s, int w)
    {
        ModelWorker worker = s[w];
        string name = w == 0 ? "A" : "B";
        if (worker.IsPaused)
        {
            yield return ($"{name} goes on", s.With(w, worker with { IsPaused = false }));
            yield break;
        }

        switch (worker.Step)
        {
            case WorkerStep.Idle:
                if (s.Messages > 0 && s.Row == RowState.Queued)
                {
                    byte drawn = (byte)(s.Drawn + 1);
                    byte token = mutation == Mutation.TokenIsWorkerName ? (byte)1 : drawn; // both are slots of one process
                    bool isTwice = s.IsDropped && s[1 - w].Step != WorkerStep.Idle;
                    yield return ($"{name} leases", (s with { Row = RowState.Running, Token = token, Drawn = drawn, Messages = (byte)(s.Messages - 1), IsDropped = false, DoubleWork = isTwice }).With(w, new ModelWorker(WorkerStep.Working, drawn, false)));
                }
                else if (s.Messages > 0 && s.Row != RowState.Queued)
                {
                    yield return ($"{name} drops a message without a ready row", s with { Messages = (byte)(s.Messages - 1) });
                }

                break;
            case WorkerStep.Working:
                yield return ($"{name} finishes its body", s.With(w, worker with { Step = WorkerStep.Finished }));
                break;
            case WorkerStep.Hanging:
                if (!IsMine(s, worker))
                    yield return ($"{name} sees that its lease is lost", s.With(w, default)); // and the process is restarted if the body goes on
                break;
            case WorkerStep.Finished:
                if (mutation == Mutation.ChargeBeforeCommit)
                    yield return ($"{name} charges", (s with { Charged = true }).With(w, worker with { Step = WorkerStep.MustCommit }));
                else
                    yield return Commit(s, w, name);
                break;
            case WorkerStep.MustCommit:
                yield return Commit(s, w, name);
                break;
        }
    }

    // A worker that gives its job back has ended its body first. With the mutation the lease is gone while the body runs on.
    private ProtocolState Release(ProtocolState s, int w)
    {
        ProtocolState queued = s with { Row = RowState.Queued, Token = 0, Drains = (byte)(s.Drains + 1) };
        return mutation == Mutation.DrainDropsLease ? queued with { IsDropped = true } : queued.With(w, default);
    }

    private (string Move, ProtocolState Next) Commit(ProtocolState s, int w, string name)
    {
        ModelWorker worker = s[w];
        bool isCurrent = s.Row == RowState.Running && worker.Token == s.Drawn && s.Token != 0;
        if (!IsMine(s, worker))
            return ($"{name} commits late and is refused", s.With(w, default));
        ProtocolState done = s with
        {
            Row = RowState.Done,
            Token = 0,
            Endings = (byte)(s.Endings + 1),
            WrongCommits = (byte)(s.WrongCommits + (isCurrent ? 0 : 1)),
        };
        return ($"{name} commits", done.With(w, default));
    }

    private bool IsMine(ProtocolState s, ModelWorker worker) => mutation switch
    {
        Mutation.NoFencing => s.Row != RowState.Missing,
        Mutation.TokenIsWorkerName => s.Row == RowState.Running && s.Token == 1,
        _ => s.Row == RowState.Running && s.Token == worker.Token,
    };

    private bool IsKeptAlive(ProtocolState s)
    {
        for (int w = 0; w < 2; w++)
        {
            ModelWorker worker = s[w];
            bool holds = worker.Step != WorkerStep.Idle && !worker.IsPaused && worker.Token == s.Drawn;
            if (holds && (worker.Step != WorkerStep.Hanging || mutation == Mutation.HeartbeatByTimer))
                return true;
        }

        return false;
    }
}
