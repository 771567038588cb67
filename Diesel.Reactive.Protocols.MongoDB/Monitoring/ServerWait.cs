using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Who wants a server, and is told which.</summary>
internal abstract class ServerWait
{
    /// <summary>Where it may read; null: it writes.</summary>
    public abstract ReadPreference? Preference { get; }

    /// <summary>The only one that suits; null: any may.</summary>
    public abstract EndPoint? Pinned { get; }

    /// <summary>Those it rather does not go to.</summary>
    public abstract IReadOnlyCollection<EndPoint> Shunned { get; }

    public abstract void Found(MongoServer server);

    public abstract void Failed(Exception error);
}
