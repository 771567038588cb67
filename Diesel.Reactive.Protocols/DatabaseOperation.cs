using System.Diagnostics;
using System.Net;

namespace Diesel.Reactive.Protocols;

/// <summary>An operation of which somebody wants to know how long it takes, and how it ends. Of what it carries nothing is told.</summary>
/// <remarks>Made by <see cref="DatabaseTelemetry.Begin"/>; belongs to one thread at a time.</remarks>
public sealed class DatabaseOperation
{
    private readonly DatabaseTelemetry _telemetry;
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly Activity? _span;
    private TagList _tags;
    private Activity? _again;
    private bool _isSent;
    private bool _isOver;

    // Whoever awaits is not within it: neither before nor afterwards may it be the current one there.
    internal DatabaseOperation(DatabaseTelemetry telemetry, string title, TagList tags, TimeProvider clock)
    {
        (_telemetry, _tags, _clock, _began) = (telemetry, tags, clock, clock.GetTimestamp());
        var before = Activity.Current;
        _span = telemetry.Activities.StartActivity(ActivityKind.Client, tags: tags, name: title);
        Activity.Current = before;
    }

    /// <summary>It goes to a server: each time but the first is a span within that of the operation.</summary>
    /// <param name="server">Which.</param>
    /// <exception cref="ArgumentNullException"><paramref name="server"/> is null.</exception>
    public void Sent(EndPoint server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var place = CallSite.PlaceOf(server);
        if (!_isSent)
        {
            _isSent = true;
            foreach (var tag in place)
            {
                _tags.Add(tag);
                _span?.SetTag(tag.Key, tag.Value);
            }
        }
        else if (_span is not null)
        {
            var before = Activity.Current;
            _again?.Stop();
            _again = _telemetry.Activities.StartActivity(ActivityKind.Client, _span.Context, [.. _tags.Where(tag => Array.TrueForAll(place, other => other.Key != tag.Key)), .. place], name: _span.DisplayName);
            Activity.Current = before;
        }
    }

    /// <summary>It is over; a second time nothing happens.</summary>
    /// <param name="error">Why it failed; null: it did not.</param>
    /// <param name="status">The server's own code of that; null: the error is not the server's.</param>
    /// <remarks>A server may repeat what it was given: of its errors, no more is told than their code.</remarks>
    public void End(Exception? error, string? status = null)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        if (error is not null)
        {
            Tell("error.type", status ?? error.GetType().FullName!);
            _span?.SetStatus(ActivityStatusCode.Error, status ?? error.GetType().Name);
        }

        if (status is not null)
        {
            Tell("db.response.status_code", status);
        }

        _telemetry.Duration.Record(_clock.GetElapsedTime(_began).TotalSeconds, _tags);
        var before = Activity.Current;
        _again?.Stop();
        _span?.Stop();
        Activity.Current = before;
    }

    private void Tell(string name, string value)
    {
        _tags.Add(name, value);
        _span?.SetTag(name, value);
    }
}
