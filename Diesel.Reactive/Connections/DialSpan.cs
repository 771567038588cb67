using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Diesel.Reactive;

/// <summary>A dial as telemetry has it: a span, and how long it took. It is the parent of what the system tells of itself meanwhile: the lookup of
/// the name, the connects of .NET's sockets, the handshake of TLS.</summary>
internal sealed class DialSpan
{
    private const string Name = "Diesel.Reactive.Connect";

    private readonly Hub _hub;
    private readonly EndPoint _remote;
    private readonly Activity? _span;
    private readonly TimeSpan _began;
    private bool _isOver;

    private DialSpan(Hub hub, EndPoint remote, Activity? span) => (_hub, _remote, _span, _began) = (hub, remote, span, hub.Elapsed);

    /// <summary>Whose span it belongs in; asked on the thread that dials.</summary>
    public static Activity? Parent => HubMeter.Source.HasListeners() ? Activity.Current : null;

    /// <summary>A dial begins; null: nobody wants to know.</summary>
    public static DialSpan? Begin(Hub hub, EndPoint remote, Activity? parent)
    {
        if (!HubMeter.Source.HasListeners() && !ConnectionMeter.Dials.Enabled)
        {
            return null;
        }

        using var within = new Within(parent);
        var span = HubMeter.Source.StartActivity(Name, ActivityKind.Client, default(ActivityContext), [.. EndPointTags.Of(remote), new("network.transport", "tcp")]);
        if (span is not null)
        {
            span.DisplayName = $"connect {EndPoints.Text(remote)}";
        }

        return new DialSpan(hub, remote, span);
    }

    /// <summary>What is done up to the end of the <c>using</c> is a part of a dial; of none where it is null.</summary>
    public static Within Enter(DialSpan? dial) => dial?._span is { } span ? new Within(span) : default;

    public void Succeeded(Connection connection)
    {
        if (_span is not null && connection.RemoteEndPoint is IPEndPoint peer)
        {
            _span.SetTag("network.peer.address", peer.Address.ToString());
            _span.SetTag("network.peer.port", peer.Port);
            _span.SetTag("network.type", peer.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4");
        }

        End(null);
    }

    public void Failed(Exception error)
    {
        _span?.SetStatus(ActivityStatusCode.Error, Label.MessageOf(error));
        End(error.GetType().FullName);
    }

    /// <summary>Nobody waits for it any more, unless it is over.</summary>
    public void LetGo() => End("cancelled");

    private void End(string? errorType)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        if (ConnectionMeter.Dials.Enabled)
        {
            var tags = new TagList { HubMeter.Tag(_hub) };
            foreach (var tag in EndPointTags.Of(_remote))
            {
                tags.Add(tag);
            }

            if (errorType is not null)
            {
                tags.Add("error.type", errorType);
            }

            ConnectionMeter.Dials.Record((_hub.Elapsed - _began).TotalSeconds, tags);
        }

        if (_span is not null && errorType is not null)
        {
            _span.SetTag("error.type", errorType);
        }

        _span?.Stop();
    }

    /// <summary>For a while another span is the present one.</summary>
    public readonly struct Within : IDisposable
    {
        private readonly Activity? _outer = Activity.Current;
        private readonly bool _isEntered;

        public Within(Activity? span)
        {
            _isEntered = true;
            Activity.Current = span;
        }

        public void Dispose()
        {
            if (_isEntered)
            {
                Activity.Current = _outer;
            }
        }
    }
}
