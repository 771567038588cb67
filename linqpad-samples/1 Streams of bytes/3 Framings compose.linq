<Query Kind="Statements">
  <NuGetReference>Diesel.Reactive</NuGetReference>
  <Namespace>Diesel.Reactive</Namespace>
  <Namespace>System.Reactive.Linq</Namespace>
</Query>

// A length of two bytes in front of each frame, and what is in it as text.
var texts = Framing.LengthPrefixed(size: 2).Select(frame => frame.ToText());
ReadOnlyMemory<byte> bytes = new byte[] { 0, 5, (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o', 0, 2, (byte)'h', (byte)'i' };
Observable.Return(bytes).Decode(texts).ToList().Wait().Dump("two frames");
