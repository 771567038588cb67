namespace Diesel.Reactive.Testing;

/// <summary>An item of a tuple.</summary>
internal interface IInnerItem
{
    bool IsStream { get; }

    object? Record(MarbleRun run, object? value, string what);

    object? Expect(object? value);
}

/// <summary>An item of a tuple, of a type.</summary>
internal sealed class InnerItem<T> : IInnerItem
{
    public bool IsStream => InnerStream<T>.IsDeclared;

    public object? Record(MarbleRun run, object? value, string what) => InnerStream<T>.Record(run, (T)value!, what);

    public object? Expect(object? value) => InnerStream<T>.Expect((T)value!);
}
