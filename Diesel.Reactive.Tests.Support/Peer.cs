using System.Text;
using Diesel.Reactive.Testing;

namespace Diesel.Reactive.Tests;

/// <summary>The other side of a connection, scripted: it reads all it gets until it is told not to.</summary>
internal sealed class Peer : ITransportHandler
{
    private readonly World _world;
    private readonly StringBuilder _received = new();
    private ReadOnlyMemory<byte> _rest;
    private Func<string, string?>? _answers;
    private int _answered;
    private bool _reads = true;
    private bool _asked;
    private bool _blocked;
    private bool _ends;

    public Peer(World world, VirtualTransport transport)
    {
        (_world, Transport) = (world, transport);
        transport.Start(this);
        ReadOn();
    }

    public VirtualTransport Transport { get; }

    /// <summary>What the connection sent, as Latin-1 text.</summary>
    public string Received => _received.ToString();

    /// <summary>What it sent, then <c>|</c> for its FIN or <c>#</c> for its reset.</summary>
    public string Story => Received.Replace("\r\n", " ", StringComparison.Ordinal) + (IsReset ? "#" : HasEnded ? "|" : "");

    public bool HasEnded { get; private set; }

    public bool IsReset { get; private set; }

    /// <summary>Bytes this side has sent that its network did not take.</summary>
    public int Unsent => _rest.Length;

    public Peer Sends(string text) => Sends(Encoding.Latin1.GetBytes(text));

    public Peer Sends(ReadOnlyMemory<byte> bytes)
    {
        _rest = _rest.IsEmpty ? bytes : new ReadOnlyMemory<byte>([.. _rest.Span, .. bytes.Span]);
        return Push();
    }

    public Peer Ends()
    {
        _ends = true;
        return Push();
    }

    public Peer Resets()
    {
        Transport.Abort();
        return Settled();
    }

    public Peer StopsReading()
    {
        _reads = _asked = false;
        Transport.TakeReceiveBack();
        return this;
    }

    public Peer ReadsOn()
    {
        _reads = true;
        ReadOn();
        return Settled();
    }

    /// <summary>Reads one chunk, and no more.</summary>
    public void ReadsOne()
    {
        if (!_asked && !HasEnded && !IsReset)
        {
            _asked = true;
            Transport.Receive();
        }
    }

    /// <summary>Answers each line as told; null: not at all.</summary>
    public Peer Answers(Func<string, string?> answer)
    {
        _answers = answer;
        return this;
    }

    void ITransportHandler.OnReceived(ReadOnlyMemory<byte> chunk)
    {
        Assert.That(HasEnded || IsReset, Is.False, "Something came after the end.");
        _asked = false;
        if (chunk.IsEmpty)
        {
            HasEnded = true;
            return;
        }

        _received.Append(Encoding.Latin1.GetString(chunk.Span));
        Answer();
        ReadOn();
    }

    void ITransportHandler.OnWritable(int sent)
    {
        _blocked = false;
        _rest = _rest[sent..];
        Write();
    }

    void ITransportHandler.OnFailed(ConnectionException error)
    {
        Assert.That(IsReset, Is.False, "A second failure came.");
        IsReset = true;
    }

    private void Answer()
    {
        while (_answers is not null && Received.IndexOf("\r\n", _answered, StringComparison.Ordinal) is >= 0 and var end)
        {
            var line = Received[_answered..end];
            _answered = end + 2;
            if (_answers(line) is { } answer)
            {
                _rest = new ReadOnlyMemory<byte>([.. _rest.Span, .. Encoding.Latin1.GetBytes(answer)]);
                Write();
            }
        }
    }

    private void ReadOn()
    {
        if (_reads && !_asked && !HasEnded && !IsReset)
        {
            _asked = true;
            Transport.Receive();
        }
    }

    private Peer Push()
    {
        Write();
        return Settled();
    }

    private void Write()
    {
        if (_blocked || Transport.IsClosed)
        {
            return;
        }

        if (!_rest.IsEmpty)
        {
            var taken = Transport.Send(_rest.Span);
            _blocked = taken < _rest.Length;
            _rest = _rest[taken..];
        }

        if (_rest.IsEmpty && _ends)
        {
            _ends = false;
            Transport.ShutdownSend();
        }
    }

    private Peer Settled()
    {
        _world.Settle();
        return this;
    }
}
