using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Testing;

/// <summary>Names the scheduling points of a program in eight digits, so that a schedule cannot be replayed on moved points.</summary>
internal static class LayoutFingerprint
{
    private const int StepLimit = 10_000;

    public static string Of(ExplorableProgram program)
    {
        StringBuilder points = new StringBuilder().Append(program.CrashBudget).Append('\n');
        _ = Runner.Run(program, new Listing(points), StepLimit);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(points.ToString()));
        return string.Create(CultureInfo.InvariantCulture, $"{System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash):x8}");
    }

    private sealed class Listing(StringBuilder points) : IDecider
    {
        private readonly ScheduleDecider _ordinary = new(Schedule.Empty);

        public Decision Decide(DecisionPoint point)
        {
            Decision decision = _ordinary.Decide(point);
            int participant = decision.Kind == DecisionKind.Continue ? point.Current : point.Candidates[decision.Index];
            points.Append(point.Execution.Participants[participant]).Append(':').Append(point.Execution.PendingText(participant))
                .Append('\n');
            return decision;
        }
    }
}
