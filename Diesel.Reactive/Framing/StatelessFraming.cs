namespace Diesel.Reactive;

/// <summary>A framing whose decoder remembers nothing, so that one serves all readers: grammars make these per
/// frame.</summary>
internal sealed class StatelessFraming<T>(Decoder<T> decoder) : Framing<T>
{
    public override Decoder<T> CreateDecoder() => decoder;
}
