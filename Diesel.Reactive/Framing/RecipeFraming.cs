namespace Diesel.Reactive;

/// <summary>A framing that is nothing but the way to make its decoder.</summary>
internal sealed class RecipeFraming<T>(Func<Decoder<T>> createDecoder) : Framing<T>
{
    public override Decoder<T> CreateDecoder() => createDecoder();
}
