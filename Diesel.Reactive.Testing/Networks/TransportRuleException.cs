namespace Diesel.Reactive.Testing;

/// <summary>Whoever uses a <see cref="VirtualTransport"/> has broken a rule of <see cref="ITransport"/>.</summary>
internal sealed class TransportRuleException(string message) : InvalidOperationException(message);
