namespace Diesel.Reactive.Benchmarks.Echo;

/// <summary>A run gave no number: a wrong byte, a silent server, a process that had to be killed.</summary>
internal sealed class EchoFailedException(string message) : Exception(message);
