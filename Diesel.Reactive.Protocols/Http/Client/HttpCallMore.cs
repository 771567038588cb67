namespace Diesel.Reactive.Protocols.Http;

/// <summary>What few calls need: those that wait, are led elsewhere, log in, or are looked at.</summary>
internal sealed class HttpCallMore
{
    /// <summary>The Host line that the caller has chosen; empty: the authority's own.</summary>
    public ReadOnlyMemory<byte> Host { get; set; }

    /// <summary>How often it was led elsewhere.</summary>
    public int Redirects { get; set; }

    /// <summary>The login at the server; null: none was asked for.</summary>
    public HttpLogin? Server { get; set; }

    /// <summary>The login at the proxy.</summary>
    public HttpLogin? Proxy { get; set; }

    /// <summary>Its place in the line for a connection.</summary>
    public IDisposable? Waiting { get; set; }

    /// <summary>When it will have waited too long there.</summary>
    public Deadline? Deadline { get; set; }

    /// <summary>What is published of it.</summary>
    public HttpCallSpan? Span { get; set; }

    /// <summary>It has a place in the line for a connection, and is not to keep it for ever.</summary>
    public void Wait(HttpCall call, IDisposable waiting, Action<object?> late)
    {
        Waiting = waiting;
        if (call.Left is { } left)
        {
            Deadline ??= new Deadline(call.Hub, late, call);
            Deadline.Reset(left);
        }
    }

    /// <summary>It waits no longer.</summary>
    public void HasConnection(HttpLink link)
    {
        Waiting = null;
        Deadline?.Cancel();
        Span?.Leaves(link);
    }

    /// <summary>It has failed, or nobody wants it any more.</summary>
    public void End(Exception error)
    {
        Deadline?.Cancel();
        Span?.End(error);
    }
}
