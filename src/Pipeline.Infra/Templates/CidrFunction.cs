using System.Globalization;

namespace Pipeline.Infra;

/// <summary>Cuts a block of addresses into smaller ones (<c>Fn::Cidr</c>).</summary>
internal static class CidrFunction
{
    internal static Value Apply(Value block, Value count, Value? bits, MapEntry call)
    {
        if ((block as UnknownValue ?? count as UnknownValue ?? bits as UnknownValue) is { } unknown)
            return unknown;
        if (block is not TextValue text || Cidr.TryParse(text.Content) is not { } cidr)
            return block is TextValue bad
                ? throw new TemplateException(call.KeyAt, $"Fn::Cidr is given '{bad.Content}', which is no block of addresses. Write it as 10.0.0.0/16.")
                : IntrinsicFunctions.NotTold(call, "the block is decided by the deployment.");
        int hostBits = 0;
        if (!int.TryParse(count.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 256
            || (bits is not null && !int.TryParse(bits.Key, NumberStyles.None, CultureInfo.InvariantCulture, out hostBits)))
            throw new TemplateException(call.KeyAt, $"Fn::Cidr takes a count from 1 to 256 and a number of host bits; seen: '{count.Key}', '{bits?.Key}'.");
        int width = cidr.IsV6 ? 128 : 32;
        if (bits is null)
            hostBits = Math.Max(0, width - cidr.Length - (int)Math.Ceiling(Math.Log2(number)));
        int length = width - hostBits;
        if (length < cidr.Length || hostBits < 0 || (length - cidr.Length < 20 && number > 1 << (length - cidr.Length)))
            throw new TemplateException(call.KeyAt, $"Fn::Cidr cannot cut {number} blocks of {hostBits} host bits out of {cidr}. Ask for fewer or smaller ones.");
        Value[] parts = new Value[number];
        for (int i = 0; i < number; i++)
            parts[i] = new TextValue(new Cidr(cidr.Start + ((UInt128)i << hostBits), length, cidr.IsV6).ToString());
        return new ListValue(parts);
    }
}
