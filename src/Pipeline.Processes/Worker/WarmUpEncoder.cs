using System.Text.Encodings.Web;

namespace Pipeline.Processes;

/// <summary>Escapes nothing, for text that needs none. The default encoder takes milliseconds to make.</summary>
internal sealed unsafe class WarmUpEncoder : JavaScriptEncoder
{
    public override int MaxOutputCharactersPerInputCharacter => 1;

    public override int FindFirstCharacterToEncode(char* text, int textLength) => -1;

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => -1;

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        numberOfCharactersWritten = 0;
        return false;
    }

    public override bool WillEncode(int unicodeScalar) => false;
}
