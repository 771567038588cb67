namespace Diesel.Reactive.Benchmarks.Harness;

/// <summary>A run gave no number: a wrong byte, a silent server, a process that had to be killed.</summary>
internal sealed class NoResultException(string message) : Exception(message);
