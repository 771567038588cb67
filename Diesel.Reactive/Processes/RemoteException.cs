namespace Diesel.Reactive;

/// <summary>The work threw, in its process. That is well, and works on the next call.</summary>
/// <remarks>Idea: diesel's <c>original_traceback</c>.</remarks>
public sealed class RemoteException : Exception
{
    internal RemoteException(string type, string message, string trace)
        : base($"{type}: {message}") => (RemoteType, RemoteMessage, RemoteStackTrace) = (type, message, trace);

    /// <summary>The exception's type, by its full name.</summary>
    public string RemoteType { get; }

    /// <summary>Its message.</summary>
    public string RemoteMessage { get; }

    /// <summary>Where it was thrown.</summary>
    public string RemoteStackTrace { get; }
}
