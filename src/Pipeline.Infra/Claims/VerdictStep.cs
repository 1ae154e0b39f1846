namespace Pipeline.Infra;

/// <summary>One control on the way of a packet, or one that stops it.</summary>
/// <param name="Code">The code of the analyzer of AWS when the control stops the packet; empty when it passes.</param>
/// <param name="IsReply">Whether it judges the answer and not the first packet.</param>
/// <param name="Text">What was looked up and which rule decided.</param>
/// <param name="At">The place of the rule.</param>
public sealed record VerdictStep(string Code, bool IsReply, string Text, Location At);
