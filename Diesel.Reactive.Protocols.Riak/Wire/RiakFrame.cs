namespace Diesel.Reactive.Protocols.Riak;

/// <summary>A frame: what it is, and its message, not looked at yet.</summary>
/// <param name="Code">What it is.</param>
/// <param name="Body">The message; a slice of what was received.</param>
/// <param name="IsFollowed">Whether more had come behind it already.</param>
internal readonly record struct RiakFrame(RiakCode Code, ReadOnlyMemory<byte> Body, bool IsFollowed = false);
