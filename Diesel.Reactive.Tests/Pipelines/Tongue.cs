using System.Buffers;
using System.Text;
using Diesel.Reactive.Protocols.Memcached;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>A small protocol of lines, to try pipelines with: with ids (<c>7:text</c>), or in order. A reply that ends with <c>+</c> is not
/// its call's last, one that begins with <c>!</c> is a push. The same in the words of Redis and of memcached, for the laws.</summary>
internal sealed class Tongue
{
    public static readonly Tongue InOrder = new("in order", hasIds: false);
    public static readonly Tongue ById = new("by id", hasIds: true);
    public static readonly Tongue Redis = new("redis", hasIds: false, new(
        new RespFraming().Select(static command => command.Items[0].ToText()),
        new RespFraming().Select(static value => new Said(-1, value.Kind == RespKind.Push ? $"!{value.Items[0].ToText()}" : value.ToText())),
        static (text, output) => RespCodec.WriteCommand(output, text), static text => $"${text.Length}\r\n{text}\r\n", static text => $">1\r\n${text.Length}\r\n{text}\r\n"));

    // It has no pushes.
    public static readonly Tongue Memcached = new("memcached", hasIds: false, new(
        Diesel.Reactive.Framing.Lines().Select(static line => line.Split(' ')[1]),
        new MemcachedReplyFraming().Select(static reply => new Said(-1, reply.Value.ToText())),
        static (text, output) => Encoding.UTF8.GetBytes($"mg {text} v\r\n", output), static text => $"VA {text.Length}\r\n{text}\r\n", static _ => ""));

    private readonly string _name;
    private readonly Words? _words;

    private Tongue(string name, bool hasIds, Words? words = null)
    {
        (_name, HasIds, _words) = (name, hasIds, words);
        Requests = words?.Requests ?? Diesel.Reactive.Framing.Lines();
        Framing = words?.Replies ?? Diesel.Reactive.Framing.Lines(maxLength: 10_000_000).Select(Parse);
        Correlation = hasIds
            ? Diesel.Reactive.Correlation.ById<Said, int>(static said => said.Id, static said => said.IsPush)
            : Diesel.Reactive.Correlation.InOrder<Said>(static said => said.IsPush);
    }

    public static Tongue[] Both { get; } = [InOrder, ById];

    /// <summary>Each protocol with each policy it can keep.</summary>
    public static IEnumerable<object[]> WithPolicies { get; } =
    [
        [InOrder, Abandoned.Drain], [InOrder, Abandoned.Close], [ById, Abandoned.Drain], [ById, Abandoned.Close], [ById, Abandoned.Forget],
    ];

    /// <summary>Those with policies, and the real ones.</summary>
    public static IEnumerable<object[]> WithReal { get; } = [.. WithPolicies, [Redis, Abandoned.Drain], [Redis, Abandoned.Close], [Memcached, Abandoned.Drain], [Memcached, Abandoned.Close]];

    public bool HasIds { get; }

    /// <summary>How a server reads.</summary>
    public Framing<string> Requests { get; }

    public Framing<Said> Framing { get; }

    public Correlation<Said> Correlation { get; }

    public void Write(int id, string text, IBufferWriter<byte> output)
    {
        if (_words is { } words)
        {
            words.Write(text, output);
        }
        else
        {
            Encoding.UTF8.GetBytes(HasIds ? $"{id}:{text}\r\n" : $"{text}\r\n", output);
        }
    }

    /// <summary>What answers a request.</summary>
    public string Answer(string request, string text) =>
        _words?.Answer(text) ?? (HasIds ? $"{request.Split(':')[0]}:{text}\r\n" : $"{text}\r\n");

    /// <summary>What answers nobody.</summary>
    public string Push(string text) => _words?.Push(text) ?? $"!{text}\r\n";

    /// <summary>What a request says.</summary>
    public string TextOf(string request) => HasIds ? request.Split(':')[1] : request;

    public override string ToString() => _name;

    /// <summary>The words of a real protocol.</summary>
    private sealed record Words(
        Framing<string> Requests, Framing<Said> Replies, Action<string, IBufferWriter<byte>> Write, Func<string, string> Answer, Func<string, string> Push);

    private Said Parse(string line)
    {
        if (!HasIds || line.StartsWith('!'))
        {
            return new(-1, line);
        }

        return line.Split(':', 2) is [var id, var text] && int.TryParse(id, out var number) ? new(number, text) : throw new ProtocolException($"No id: {line}");
    }
}

/// <summary>A reply of a <see cref="Tongue"/>.</summary>
internal readonly record struct Said(int Id, string Text)
{
    public bool IsPush => Text.StartsWith('!');

    public bool IsLast => !Text.EndsWith('+');
}

/// <summary>Says a text, and gives what is answered.</summary>
internal sealed class Say(Tongue tongue, string text) : Call<Said, string>, IIdentified<int>
{
    public int Id { get; set; }

    /// <summary>What it throws when it is to be written.</summary>
    public Exception? Refuses { get; init; }

    public bool Repeats { get; init; }

    public TimeSpan Blocks { get; init; }

    public long Weight { get; init; }

    protected internal override bool IsRepeatable => Repeats;

    protected internal override TimeSpan Wait => Blocks;

    protected internal override long Length => Weight;

    public override string ToString() => $"say {text}";

    protected internal override void Write(IBufferWriter<byte> output)
    {
        tongue.Write(Id, text, output);
        if (Refuses is not null)
        {
            throw Refuses;
        }
    }

    protected override string Read(Said reply) => reply.Text.StartsWith('-') ? throw new FormatException(reply.Text) : reply.Text;
}

/// <summary>Says a text, and gives every answer.</summary>
internal sealed class SayOn(Tongue tongue, string text) : StreamCall<Said, string>, IIdentified<int>
{
    private int _count;

    public int Id { get; set; }

    public override string ToString() => $"say on {text}";

    protected internal override void Write(IBufferWriter<byte> output) => tongue.Write(Id, text, output);

    protected override bool Read(Said reply, IObserver<string> items)
    {
        items.OnNext($"{++_count}{reply.Text}");
        return reply.IsLast;
    }
}

/// <summary>A call with nothing between it and the pipeline: notes what it is told.</summary>
internal sealed class Bare(Tongue tongue, string text) : Call<Said>, IIdentified<int>
{
    public int Id { get; set; }

    public List<string> Told { get; } = [];

    public Exception? Error { get; private set; }

    /// <summary>Called with each reply.</summary>
    public Action<Said> OnTake { get; init; } = static _ => { };

    /// <summary>Called with each push.</summary>
    public Action<Bare> OnPush { get; init; } = static _ => { };

    public Action OnWrite { get; init; } = static () => { };

    public string? Token { get; init; }

    public override string ToString() => $"bare {text}";

    protected internal override bool Answers(Said reply) => Token is null || reply.Text.StartsWith(Token, StringComparison.Ordinal);

    protected internal override bool TryTakePush(Said push, out bool isLast)
    {
        OnPush(this);
        isLast = push.Text == $"!{text}";
        if (isLast)
        {
            Told.Add(push.Text);
        }

        return isLast;
    }

    protected internal override void Write(IBufferWriter<byte> output)
    {
        OnWrite();
        tongue.Write(Id, text, output);
    }

    protected internal override bool Take(Said reply)
    {
        if (!IsAbandoned)
        {
            Told.Add(reply.Text);
        }

        OnTake(reply);
        return reply.IsLast;
    }

    protected internal override void Fail(Exception error)
    {
        Assert.That(Error, Is.Null, "It failed a second time.");
        Error = error;
        Told.Add($"#{error.GetType().Name}");
    }
}
