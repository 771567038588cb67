using System.Reactive;

namespace Diesel.Reactive.Testing;

/// <summary>How a recording of bytes has the <c>!</c>, for which Rx has no notification of its own.</summary>
internal sealed class MarbleDisposal() : Exception("disposed by this side")
{
    /// <summary>What a notification is in a diagram.</summary>
    public static MarbleKind KindOf<T>(Notification<T> told) => told.Kind switch
    {
        NotificationKind.OnNext => MarbleKind.Value,
        NotificationKind.OnCompleted => MarbleKind.Completed,
        _ => told.Exception is MarbleDisposal ? MarbleKind.Unsubscribed : MarbleKind.Failed,
    };
}
