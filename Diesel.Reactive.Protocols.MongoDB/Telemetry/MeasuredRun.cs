using System.Diagnostics;
using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A call of which somebody wants to know how long it took, and how it ended. Of its document nothing is told.</summary>
internal sealed class MeasuredRun
{
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly Activity? _activity;
    private TagList _tags;
    private Activity? _again;
    private int _sent;

    private MeasuredRun(string command, string database, string? collection, TimeProvider clock)
    {
        (_clock, _began) = (clock, clock.GetTimestamp());
        _tags = new() { { "db.system.name", "mongodb" }, { "db.operation.name", command }, { "db.namespace", database } };
        if (collection is not null)
        {
            _tags.Add("db.collection.name", collection);
        }

        // Whoever awaits is not within it.
        var before = Activity.Current;
        _activity = MongoTelemetry.Activities.StartActivity(ActivityKind.Client, tags: _tags, name: collection is null ? command : $"{command} {collection}");
        Activity.Current = before;
    }

    /// <returns>Null: nobody wants to know.</returns>
    public static MeasuredRun? Of(string command, string database, string? collection, TimeProvider clock) =>
        MongoTelemetry.IsObserved ? new(command, database, collection, clock) : null;

    /// <summary>It goes to a server: each time but the first is a span within that of the call.</summary>
    public void Sent(EndPoint server)
    {
        if (_sent++ == 0)
        {
            foreach (var tag in Place(server))
            {
                _tags.Add(tag);
                _activity?.SetTag(tag.Key, tag.Value);
            }

            return;
        }

        if (_activity is not null)
        {
            var before = Activity.Current;
            _again?.Stop();
            _again = MongoTelemetry.Activities.StartActivity(ActivityKind.Client, _activity.Context, [.. _tags, .. Place(server)], name: _activity.DisplayName);
            Activity.Current = before;
        }
    }

    public void End(Exception? error)
    {
        if (error is not null)
        {
            var status = error is MongoErrorException { Code: var code } ? $"{code}" : null;
            Tell("error.type", status ?? error.GetType().FullName!);
            if (status is not null)
            {
                Tell("db.response.status_code", status);
            }

            // A server may repeat what it was given: of its errors, no more is told than their code.
            _activity?.SetStatus(ActivityStatusCode.Error, status ?? error.GetType().Name);
        }

        MongoTelemetry.Duration.Record(_clock.GetElapsedTime(_began).TotalSeconds, _tags);
        var before = Activity.Current;
        _again?.Stop();
        _activity?.Stop();
        Activity.Current = before;
    }

    /// <summary>Where a server is.</summary>
    public static KeyValuePair<string, object?>[] Place(EndPoint server) => server switch
    {
        DnsEndPoint name => [new("server.address", name.Host), new("server.port", name.Port)],
        IPEndPoint ip => [new("server.address", ip.Address.ToString()), new("server.port", ip.Port)],
        _ => [new("server.address", server.ToString())],
    };

    private void Tell(string name, string value)
    {
        _tags.Add(name, value);
        _activity?.SetTag(name, value);
    }
}
