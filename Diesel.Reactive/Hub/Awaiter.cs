using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>Awaits an <see cref="Awaitable{T}"/>. For the compiler.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly struct Awaiter<T> : ICriticalNotifyCompletion
{
    private readonly Suspension<T>? _suspension;
    private readonly T _ready;

    internal Awaiter(T ready) => _ready = ready;

    internal Awaiter(Suspension<T> suspension)
    {
        _suspension = suspension;
        _ready = default!;
        suspension.Start();
    }

    /// <summary>Whether the value is there without waiting.</summary>
    public bool IsCompleted => _suspension is null || _suspension.IsCompleted;

    /// <summary>The value, or the error.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="EndOfStreamException">The source completed without a value.</exception>
    /// <exception cref="OperationCanceledException">The loop that awaited was ended.</exception>
    public T GetResult() => _suspension is null ? _ready : _suspension.GetResult();

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => _suspension!.OnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => _suspension!.OnCompleted(continuation);
}
