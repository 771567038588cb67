namespace Diesel.Reactive.Tests;

/// <summary>A pipeline under test, and the scripted peer at the other end of its connection.</summary>
internal sealed class Speaking : IDisposable
{
    private int _answered;

    public Speaking(Tongue tongue, PipelineOptions? options = null, CallQueue<Said>? queue = null, World? world = null, TcpConnectOptions? connect = null)
    {
        Tongue = tongue;
        Wire = (world ?? new World()).Wire(connect);
        Pipeline = World.Do(() => new Pipeline<Said>(Wire.Connection, tongue.Framing, tongue.Correlation, options, queue));
    }

    public Tongue Tongue { get; }

    public Wire Wire { get; }

    public World World => Wire.World;

    public Peer Peer => Wire.Peer;

    public Pipeline<Said> Pipeline { get; }

    /// <summary>What was said so far, without the ids.</summary>
    public string Heard => string.Join(' ', Requests.Select(Tongue.TextOf));

    /// <summary>Whether the connection is over for the peer.</summary>
    public bool IsClosed => Peer.HasEnded || Peer.IsReset;

    /// <summary>How the pipeline ended.</summary>
    public string End => $"{World.Watch(Pipeline.Ended)}";

    private string[] Requests => Peer.Received.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    public Story<string> Says(string text) => World.Watch(Pipeline.Ask(new Say(Tongue, text)));

    public Story<string>[] SaysAll(params string[] texts)
    {
        var stories = texts.Select(_ => new Story<string>()).ToArray();
        World.Do(() =>
        {
            foreach (var (text, story) in texts.Zip(stories))
            {
                story.Subscription = Pipeline.Ask(new Say(Tongue, text)).Subscribe(story);
            }
        });
        return stories;
    }

    public Story<string> SaysOn(string text) => World.Watch(Pipeline.Stream(new SayOn(Tongue, text)));

    public Bare Sends(Bare call)
    {
        World.Do(() => Pipeline.Send(call));
        return call;
    }

    /// <summary>Answers the requests that are not answered, in their order, with these texts.</summary>
    public Speaking Hears(params string[] answers)
    {
        foreach (var answer in answers)
        {
            Peer.Sends(Tongue.Answer(Requests[answer.EndsWith('+') ? _answered : _answered++], answer));
        }

        return this;
    }

    /// <summary>Answers the request at a place.</summary>
    public Speaking HearsAt(int place, string answer)
    {
        Peer.Sends(Tongue.Answer(Requests[place], answer));
        return this;
    }

    public Speaking Leaves(Story<string> story)
    {
        World.Do(() => story.Subscription!.Dispose());
        return this;
    }

    public Speaking Passes(double seconds)
    {
        World.Passes(seconds);
        return this;
    }

    public void Dispose() => World.Dispose();
}
