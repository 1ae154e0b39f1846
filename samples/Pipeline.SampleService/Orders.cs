using System.Security.Cryptography;
using System.Text;

namespace Pipeline.SampleService;

/// <summary>An order for the digest of a text, taken so many rounds.</summary>
internal sealed record Order(string Id, string Text, int Rounds);

/// <summary>What became of an order: a digest or an error.</summary>
internal sealed record OrderResult(string Id, string? Digest, string? Error);

/// <summary>The work of the stages.</summary>
internal static class Orders
{
    public static Order Check(Order order) =>
        order.Rounds is >= 1 and <= 10_000_000 ? order : throw new ArgumentException($"Order '{order.Id}' asks for {order.Rounds} "
            + $"rounds. Rounds must be 1 to 10,000,000.");

    public static OrderResult Digest(Order order)
    {
        byte[] digest = Encoding.UTF8.GetBytes(order.Text);
        for (int round = 0; round < order.Rounds; round++)
            digest = SHA256.HashData(digest);
        return new OrderResult(order.Id, Convert.ToHexString(digest), Error: null);
    }
}
