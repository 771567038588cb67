namespace Diesel.Reactive;

/// <summary>The stream has ended inside a part of a grammar. Its own type, as it is a failure for <c>Or</c> and for nobody else.</summary>
internal sealed class OpenPartException() : ProtocolException("The peer closed in the middle of a frame.");
