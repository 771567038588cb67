namespace Diesel.Reactive;

/// <summary>A frame nests too deep. Its own type, so that <c>Or</c> does not try every alternative on the way
/// back.</summary>
internal sealed class GrammarDepthException()
    : ProtocolException($"A frame arrived that nests deeper than the {GrammarRun.MostParts} parts of a grammar go, or the stack holds. Bound the depth in the grammar.");
