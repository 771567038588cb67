using System.Reactive.Disposables;

namespace Diesel.Reactive.Testing;

/// <summary>A stream that was told as a value of another stream, as it was recorded.</summary>
/// <typeparam name="T">Its values.</typeparam>
/// <remarks>Two are equal when their recordings are. Who subscribes is told all of it at once.</remarks>
public sealed class InnerRecording<T> : IObservable<T>, IEquatable<InnerRecording<T>>
{
    internal InnerRecording(Recording<T> recording) => Recording = recording;

    /// <summary>What the stream told, with the times since it was told itself.</summary>
    public Recording<T> Recording { get; }

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        foreach (var told in Recording)
        {
            told.Notification.Accept(observer);
        }

        return Disposable.Empty;
    }

    /// <inheritdoc/>
    public bool Equals(InnerRecording<T>? other) => other is not null && Recording.Equals(other.Recording);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as InnerRecording<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => Recording.GetHashCode();

    /// <summary>The diagram of it, and what its names stand for.</summary>
    public override string ToString() => Recording.ToString();
}
