using System.Buffers;

namespace Diesel.Reactive;

/// <summary>A connection's unread bytes, to be looked at and taken by hand: for parsers that no framing fits.</summary>
/// <remarks>
/// <para>The loop is: while there is <see cref="More"/>, <see cref="Peek"/>, parse, and <see cref="Advance(long)"/> over what was parsed.
/// Framed reads may come before, between and behind: whoever reads, what is not consumed stays.</para>
/// <para>Its members are called on the hub, and not while another reader is attached. What is done by hand counts as this reader's:
/// waiting attaches it. The one who peeked last may keep what was seen: the bytes never change.</para>
/// <para>Source: <c>System.IO.Pipelines.PipeReader</c>, on one thread.</para>
/// </remarks>
public sealed class ConnectionInput
{
    private readonly Inbound _input;

    // Counted from the beginning of the stream.
    private long _examined;
    private Waiting? _waiting;
    private bool _endWasTold;

    internal ConnectionInput(Inbound input) => _input = input;

    /// <summary>Whether the peer has ended its side: what is unread is all there will be.</summary>
    public bool HasEnded => _input.HasEnded;

    /// <summary>All unread bytes; nothing is taken.</summary>
    /// <returns>May be empty. Mostly of one segment, which never changes.</returns>
    /// <exception cref="InvalidOperationException">It is called outside the hub's turns.</exception>
    public ReadOnlySequence<byte> Peek()
    {
        ThrowIfElsewhere();
        return _input.Buffer.Unread;
    }

    /// <summary>Takes bytes. Of none, it says that what is there was looked at and does not suffice: <see cref="More"/> waits then.</summary>
    /// <param name="consumed">Unread bytes that are taken, from the first on.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many, or it is negative.</exception>
    /// <exception cref="InvalidOperationException">Another reader is attached, or it is called outside the hub's turns.</exception>
    public void Advance(long consumed) => Advance(consumed, consumed == 0 ? _input.Buffered : consumed);

    /// <summary>Takes bytes, and says how many were looked at: <see cref="More"/> waits for others than these.</summary>
    /// <param name="consumed">Unread bytes that are taken, from the first on.</param>
    /// <param name="examined">Unread bytes that were looked at, from the first on, those taken among them.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many, it is negative, or more were consumed than
    /// examined.</exception>
    /// <exception cref="InvalidOperationException">A reader is attached, or it is called outside the hub's turns.</exception>
    public void Advance(long consumed, long examined)
    {
        ThrowIfElsewhere();
        ArgumentOutOfRangeException.ThrowIfNegative(consumed);
        ArgumentOutOfRangeException.ThrowIfLessThan(examined, consumed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(examined, _input.Buffered);
        if (_input.HasReader)
        {
            throw new InvalidOperationException($"{_input} has a reader, who takes what is unread. End it first, or await what waits for more.");
        }

        _examined = _input.ConsumedTotal + examined;
        _input.Buffer.Advance((int)consumed);
    }

    /// <summary>Waits for bytes beyond those that were looked at.</summary>
    /// <param name="least">How many of them, at least 1.</param>
    /// <returns>Cold: each subscription, and each <c>await</c>, waits once. True: they are there, unread; at once, if they are there
    /// already. False: the peer has ended before, and what is unread is all; that is told once, and who asks again is refused as any
    /// reader behind the end. Unsubscribed, it has changed nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="least"/> is less than 1.</exception>
    /// <remarks>Errors: <see cref="ConnectionException"/>, behind the bytes that came before it; <see cref="TruncatedFrameException"/> when TLS
    /// was cut short; <see cref="InvalidOperationException"/> when a reader is attached.</remarks>
    public Awaitable<bool> More(int least = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1);
        return _waiting?.Least == least ? _waiting : _waiting = new Waiting(this, least);
    }

    // The end once: who repeats it would be told for ever.
    private bool TryTell(int least, out bool more)
    {
        more = Unseen >= least;
        if (!more && (_endWasTold || !_input.IsAtEnd(isOwed: false) || _input.IsCut))
        {
            return false;
        }

        _endWasTold = !more;
        return true;
    }

    private long Unseen => _input.UnreadBehind(_examined);

    private void ThrowIfElsewhere()
    {
        if (!_input.Hub.IsCurrent && !_input.Hub.IsVirtual)
        {
            throw new InvalidOperationException($"The input of {_input} is looked at and taken on its hub's thread: do it in hub.Schedule(...).");
        }
    }

    private sealed class Waiting(ConnectionInput input, int least) : Awaitable<bool>
    {
        public int Least => least;

        public override IDisposable Subscribe(IObserver<bool> observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            return new One(input, least, observer).Attach();
        }

        public override string ToString() => $"more from {input._input}";

        internal override Hub Home => input._input.Hub;

        protected internal override bool TryTake(out bool value)
        {
            value = false;
            return input._input.CanTake && input.TryTell(least, out value);
        }
    }

    private sealed class One(ConnectionInput input, int least, IObserver<bool> observer) : Reader<bool>(observer)
    {
        public override Readable Source => input._input;

        public override bool IsStream => false;

        public override bool TrustsEnd => true;

        public override long Missing => least > 1 ? least - input.Unseen : 0;

        protected override bool TryTake(out bool item) => input.TryTell(least, out item);
    }
}
