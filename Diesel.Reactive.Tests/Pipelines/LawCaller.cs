using System.Buffers;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Tests;

/// <summary>One caller of a <see cref="LawRun"/>: asks, perhaps leaves, and notes what it is told. It does harm when it is told something.</summary>
internal sealed class LawCaller : IObserver<string>
{
    private readonly LawRun _run;
    private readonly int _index;
    private readonly int _replies;
    private readonly bool _isStream;
    private readonly bool _repeats;
    private readonly bool _throws;
    private readonly bool _refuses;
    private readonly SerialDisposable _call = new();
    private int _told;
    private bool _hasLeft;
    private bool _leftUnwritten;

    public LawCaller(LawRun run, int index)
    {
        (_run, _index) = (run, index);
        _isStream = Random.Next(3) == 0;
        _replies = _isStream ? Random.Next(1, 8) : 1;
        _repeats = !_isStream && Random.Next(3) == 0;
        _throws = Random.Next(10) == 0;
        _refuses = Random.Next(30) == 0;
        Text = $"{index}/{_replies}/{new string('x', Random.Next(10) == 0 ? Random.Next(2000) : 0)}";
    }

    /// <summary>What it says; nobody else says the same.</summary>
    public string Text { get; }

    /// <summary>Its place in the order of subscription.</summary>
    public int Number { get; private set; }

    public Exception? Error { get; private set; }

    public bool IsCompleted { get; private set; }

    public bool IsOver => IsCompleted || Error is not null || _hasLeft;

    public string Outcome => _hasLeft ? "left" : Error?.GetType().Name ?? (IsCompleted ? "answered" : "waits");

    private int Writes { get; set; }

    private Random Random => _run.Sim.Random;

    public void Begin()
    {
        Number = _run.NextNumber;
        var calls = (ICalls<Said>)_run.Queue;
        _call.Disposable = _isStream ? calls.Stream(new Many(this)).Subscribe(this) : calls.Ask(new One(this)).Subscribe(this);
        if (Random.Next(4) == 0)
        {
            _run.Queue.Hub.Schedule(TimeSpan.FromMilliseconds(Random.Next(0, 300)), Leave);
        }
    }

    public void Leave()
    {
        if (!IsOver)
        {
            _hasLeft = true;
            _leftUnwritten = Writes == 0;
            _call.Dispose();
        }
    }

    public override string ToString() =>
        $"call {_index} ({Outcome}, told {_told} of {_replies}, written {Writes} times{(_isStream ? ", a stream" : "")}{(_repeats ? ", repeats" : "")}{(_throws ? ", throws" : "")}{(_refuses ? ", refuses" : "")})";

    public void OnNext(string value)
    {
        var isLast = _told == _replies - 1;
        Check(!IsOver, "nothing follows the end");
        Check(value == $"{_index}.{_told}{(isLast ? "" : "+")}", $"law 1: it got {value}");
        _told++;
        Harm();
    }

    public void OnError(Exception error)
    {
        Check(!IsOver, "nothing follows the end");
        Error = error;
        Harm();
    }

    public void OnCompleted()
    {
        Check(!IsOver, "nothing follows the end");
        Check(_told == _replies, "law 1: it got all");
        IsCompleted = true;
        Harm();
    }

    /// <summary>When all is over.</summary>
    /// <param name="seen">How often the server has seen the request.</param>
    public void Check(int seen)
    {
        Check(seen <= 1 || _repeats, "law 11: sent twice, though it may not be repeated");
        Check(!_leftUnwritten || seen == 0, "law 2: abandoned before it was written, and sent");
        Check(!_refuses || seen == 0, "a call that could not be written was sent");
        Check(!IsCompleted || seen > 0, "law 1: answered, and never sent");
        Check(Error is null or ReplyLostException or PipelineFullException || (Error is FormatException && _refuses), $"law 11: there is no third group: {Error}");
        Check(Error is not PipelineFullException || seen == 0, "law 5: refused, and sent");
        Check(Error is not PipelineFullException full || full.Counts.Queued >= _run.Options.MaxQueuedCalls, "law 5: refused, and there was room");
        Check(Error is not ReplyLostException || !_repeats, "law 11: it may be repeated");
    }

    private void Harm()
    {
        switch (Random.Next(40))
        {
            case < 4:
                _run.Calls();
                break;
            case < 6:
                _run.Callers[Random.Next(_run.Callers.Count)].Leave();
                break;
            case 6:
                _run.Connection?.Abort();
                break;
            case 7:
                _run.Pipeline?.Dispose();
                break;
            default:
                break;
        }

        if (_throws)
        {
            // Who throws when told a value is told nothing more.
            _hasLeft = !IsCompleted && Error is null;
            throw new FormatException("An observer throws.");
        }
    }

    private void Check(bool holds, string what) => _run.Sim.Check(holds, $"call {_index} ({Outcome}): {what}");

    private void Write(int id, IBufferWriter<byte> output)
    {
        Check(!_hasLeft, "law 2: written, and nobody waits for it");
        _run.Tongue.Write(id, Text, output);
        if (_refuses)
        {
            throw new FormatException("A call cannot be written.");
        }

        Writes++;
    }

    private sealed class One(LawCaller caller) : Call<Said, string>, IIdentified<int>
    {
        public int Id { get; set; }

        protected internal override bool IsRepeatable => caller._repeats;

        public override string ToString() => $"call {caller._index}";

        protected internal override void Write(IBufferWriter<byte> output) => caller.Write(Id, output);

        protected override string Read(Said reply) => reply.Text;
    }

    private sealed class Many(LawCaller caller) : StreamCall<Said, string>, IIdentified<int>
    {
        public int Id { get; set; }

        public override string ToString() => $"stream {caller._index}";

        protected internal override void Write(IBufferWriter<byte> output) => caller.Write(Id, output);

        protected override bool Read(Said reply, IObserver<string> items)
        {
            items.OnNext(reply.Text);
            return reply.IsLast;
        }
    }
}
