namespace Diesel.Reactive.Protocols.Http;

/// <summary>What a call sends: as it was asked for at first, and as redirects make it later.</summary>
internal abstract class HttpAsked
{
    public string Method { get; private set; } = "";

    /// <summary>What stands in the request line.</summary>
    public string Target { get; protected set; } = "";

    /// <summary>The fields as they were asked for, without those that frame the message, and Host.</summary>
    public HttpHeaders Headers { get; private set; }

    public HttpRequestBody? Body { get; private set; }

    public bool IsHttp10 { get; private set; }

    public bool ExpectsContinue { get; private set; }

    /// <summary>Whether another protocol may follow (RFC 9110 §7.8), or a tunnel.</summary>
    public bool ProposesSwitch { get; private set; }

    /// <summary>Says what is sent beside the request line.</summary>
    public void Send(HttpHeaders headers, HttpRequestBody? body, bool expectsContinue) => (Headers, Body, ExpectsContinue) = (headers, body, expectsContinue);

    /// <summary>Says how it is spoken.</summary>
    public void Speak(bool isHttp10, bool proposesSwitch) => (IsHttp10, ProposesSwitch) = (isHttp10, proposesSwitch);

    /// <summary>Asks from now on for what there is, and sends nothing.</summary>
    public void BecomeGet()
    {
        (Method, Body, ExpectsContinue) = ("GET", null, false);
        Without("Content-Type", "Content-Encoding", "Content-Language");
    }

    /// <summary>Sends these fields no longer.</summary>
    public void Without(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            Headers = Headers.Remove(name);
        }
    }

    /// <summary>Says what stands in the request line.</summary>
    protected void Ask(string method, string target) => (Method, Target) = (method, target);

    /// <summary>Holds nothing of what was sent.</summary>
    protected void Forget() => (Headers, Body) = (default, null);
}
