namespace Diesel.Reactive.Protocols.Http;

/// <summary>Requests of a connection that came behind the one that is being answered, in their order, and what ended the input behind them: for an application that
/// begins with them early. The input is open as long as another may be taken.</summary>
/// <remarks>Behind one with a body, behind the last, and behind one that proposes another protocol, what follows is not a next request yet.</remarks>
internal sealed class HttpAhead(HttpConversation conversation, HttpSession session, HttpServer server)
{
    private const int Most = 32;

    private readonly Queue<(HttpRequest Request, bool IsWhole)> _requests = new();
    private Exception? _end;
    private bool _lastAllows;

    /// <summary>How many there are.</summary>
    public int Count => _requests.Count;

    /// <summary>Whether another may be read.</summary>
    public bool IsOpen => _lastAllows && _requests.Count < Most;

    /// <summary>One is being answered from now on.</summary>
    public void Begin(HttpRequest request, bool isWhole)
    {
        if (_requests.Count == 0)
        {
            _lastAllows = Allows(request, isWhole);
        }
    }

    /// <summary>One came behind it.</summary>
    public void Take(HttpRequest request, bool isWhole)
    {
        _requests.Enqueue((request, isWhole));
        _lastAllows = Allows(request, isWhole);
        if (!IsOpen)
        {
            conversation.Pacing.Hold();
        }

        session.Foresee(request, isWhole);
    }

    /// <summary>The input has ended, and nothing else has: what came before that is answered first.</summary>
    /// <returns>False: it is nothing to wait with.</returns>
    public bool TryDefer(Exception error)
    {
        if (conversation.Current is null || !conversation.IsRequestWhole || error is not (HttpRefusedException or TruncatedFrameException or EndOfStreamException))
        {
            return false;
        }

        // Held, it is told when the connection is lost.
        _end = error;
        conversation.Pacing.Hold();
        return true;
    }

    /// <summary>One was answered: the next has its turn. If there is none, the connection waits for one, as its input is open already.</summary>
    public void GoOn(HttpWork work)
    {
        if (_requests.TryDequeue(out var next))
        {
            work.BeginNext(isReading: true);
            conversation.Begin(next.Request, next.IsWhole);
        }
        else if (_end is { } end)
        {
            work.BeginNext(isReading: true);
            (_end, conversation.Current) = (null, null);
            conversation.OnError(end);
        }
        else if (work.Reader.IsInHead)
        {
            work.BeginNext(isReading: true);
            conversation.Current = null;
            server.AwaitHead(conversation);
            conversation.LetGo();
        }
        else
        {
            conversation.Rest();
            conversation.LetGo();
        }
    }

    private static bool Allows(HttpRequest request, bool isWhole) => isWhole && request.Head is { KeepsAlive: true, IsProposal: false };
}
