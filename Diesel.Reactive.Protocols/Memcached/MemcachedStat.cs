using System.Net;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>What a server counts, or is set to.</summary>
/// <param name="Server">Which one.</param>
/// <param name="Name">As the server has it.</param>
/// <param name="Value">As the server has it.</param>
public readonly record struct MemcachedStat(EndPoint Server, string Name, string Value);
