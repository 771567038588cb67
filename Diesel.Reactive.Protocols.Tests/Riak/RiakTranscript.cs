using System.Text.Json;
using Diesel.Reactive.Protocols.Riak;

namespace Diesel.Reactive.Tests;

/// <summary>106 frames between a client and a node of KV 3.2.1, in the order they were caught.</summary>
internal static class RiakTranscript
{
    public static IReadOnlyList<Caught> Frames { get; } = [.. JsonDocument.Parse(File.ReadAllText(Repository.PathOf("Diesel.Reactive.Protocols.Tests", "Riak", "riak-pbc-transcript.json"))).RootElement
        .EnumerateArray().Select(static one => new Caught(
            one.GetProperty("op").GetString()!, one.GetProperty("dir").GetString() == "req", one.GetProperty("msg").GetString()!, Convert.FromHexString(one.GetProperty("hex").GetString()!)))];

    /// <summary>What a node answered to a request: where two threads' notes cross, requests stand behind their replies.</summary>
    public static IEnumerable<Caught> Of(string op) => Frames.Where(one => one.Op == op);

    public static RiakFrame Decoded(ReadOnlyMemory<byte> bytes)
    {
        Assert.That(new RiakFraming().CreateDecoder().TryDecode(bytes, out var frame, out var consumed));
        Assert.That(consumed, Is.EqualTo(bytes.Length));
        return frame;
    }

    internal sealed record Caught(string Op, bool IsRequest, string Message, byte[] Bytes)
    {
        public RiakFrame Frame => Decoded(Bytes);
    }
}
