using System.Buffers;
using System.Text;
using Diesel.Reactive;

namespace DieselProtocol;

/// <summary>A reply: <c>$value</c>, <c>-</c> for none, <c>+</c> for done, <c>!</c> and why not.</summary>
public readonly record struct Reply(char Kind, string Text);

/// <summary>What goes over the wire, as values: lines, answered in their order.</summary>
public static class Codec
{
    // Each length that a peer can send has a limit.
    private const int MaxLine = 4096;

    public static readonly Framing<Reply> Replies = Framing.Lines(maxLength: MaxLine).Select(line =>
        line is [('+' or '$' or '-' or '!') and var kind, .. var text] ? new Reply(kind, text)
            : throw new ProtocolException($"'{line}' is no reply."));

    public static readonly Framing<string[]> Requests = Framing.Lines(maxLength: MaxLine).Select(line => line.Split(' ', 3));

    public static void Write(string request, IBufferWriter<byte> output)
    {
        if (request.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException("A line end would be another request.", nameof(request));
        }

        Encoding.UTF8.GetBytes($"{request}\r\n", output);
    }
}
