namespace Diesel.Reactive;

/// <summary>One step of what two sides agree on before a connection carries anything: something is said, and something is answered.</summary>
/// <param name="Said">May be empty.</param>
/// <param name="Answer">How the answer reads: to the next step, or to null, when all is agreed. Null: there is none, and all is
/// agreed when it is said.</param>
/// <remarks>It knows no socket. What its framing throws is why the two cannot agree.</remarks>
internal sealed record Exchange(ReadOnlyMemory<byte> Said, Framing<Exchange?>? Answer = null);
