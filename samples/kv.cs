#:project ../Diesel.Reactive

// A small protocol, from nothing: a store of keys and values, and a client whose callers share one connection.
//     dotnet run samples/kv.cs            both talk to each other
//     dotnet run samples/kv.cs -- 4322    the server alone; then: telnet localhost 4322
using System.Buffers;
using System.Net;
using System.Reactive.Linq;
using System.Text;
using Diesel.Reactive;

var store = new Store();
var service = new TcpService(new IPEndPoint(IPAddress.Loopback, args.Port(0)), connection => connection.Decode(Kv.Requests).Select(store.Answer));
if (args.Length > 0)
{
    Application.Quickstart(service, () => Console.WriteLine($"listening on {service.EndPoint}"));
}
else
{
    Application.Quickstart(service, () => Demo());
}

async Task Demo()
{
    using var client = new KvClient(await Tcp.Connect(service.EndPoint));
    await client.Set("colour", "blue");
    await client.Set("size", "large");
    Console.WriteLine($"colour is {await client.Get("colour")}, shape is {await client.Get("shape") ?? "missing"}");

    await foreach (var key in client.Keys().ReadAllAsync(capacity: 10))
    {
        Console.WriteLine($"key {key}");
    }

    // All are written at once, none waits for another's reply, and each gets its own.
    var sums = await Observable.Merge(Enumerable.Range(1, 100).Select(n => client.Add("sum", n))).ToList();
    Console.WriteLine($"{sums.Count} callers have added up to {sums.Max()}");

    try
    {
        await client.Add("colour", 1);
    }
    catch (KvException error)
    {
        Console.WriteLine($"the server says: {error.Message}");
    }

    Application.Quickstop();
}

// A request is a line: a command, a key, perhaps a value. A reply is a line as well, and its first character says what it is:
// + done, $ a value, - missing, * one of many, . no more of them, ! refused.
internal readonly record struct KvReply(char Kind, string Text);

internal sealed record KvRequest(string Command, string Key, string Value);

internal static class Kv
{
    private const int MaxLine = 4096;

    public static readonly Framing<KvReply> Replies = Framing.Lines(maxLength: MaxLine).Select(line =>
        line is [('+' or '$' or '-' or '*' or '.' or '!') and var kind, .. var text] ? new KvReply(kind, text)
            : throw new ProtocolException($"'{line}' is no reply: its first character is none of + $ - * . !"));

    public static readonly Framing<KvRequest> Requests = Framing.Lines(maxLength: MaxLine).Select(line =>
        line.Split(' ', 3) is [var command, .. var rest] ? new KvRequest(command, rest.ElementAtOrDefault(0) ?? "", rest.ElementAtOrDefault(1) ?? "") : throw new ProtocolException("No request."));

    // What it throws fails this call, and no other. A line end in a value would be another request.
    public static void Write(string request, IBufferWriter<byte> output) =>
        Encoding.UTF8.GetBytes($"{(request.AsSpan().ContainsAny('\r', '\n') ? throw new KvException("a line end cannot be sent") : request)}\r\n", output);

    public static KvException Refused(KvReply reply) => new(reply.Kind == '!' ? reply.Text : $"an answer of the kind '{reply.Kind}' was not expected");
}

internal sealed class KvException(string message) : Exception(message);

internal sealed class KvClient(Connection connection) : IDisposable
{
    private readonly Pipeline<KvReply> _pipeline = new(connection, Kv.Replies, Correlation.InOrder<KvReply>());

    public Awaitable<bool> Set(string key, string value) => _pipeline.Ask(new SetCall(key, value));

    public Awaitable<string?> Get(string key) => _pipeline.Ask(new GetCall(key));

    public Awaitable<long> Add(string key, long number) => _pipeline.Ask(new AddCall(key, number));

    public IObservable<string> Keys() => _pipeline.Stream(new KeysCall());

    public void Dispose() => _pipeline.Dispose();

    private sealed class SetCall(string key, string value) : Call<KvReply, bool>
    {
        // The same value twice is the same.
        protected override bool IsRepeatable => true;

        protected override void Write(IBufferWriter<byte> output) => Kv.Write($"set {key} {value}", output);

        protected override bool Read(KvReply reply) => reply.Kind == '+' ? true : throw Kv.Refused(reply);
    }

    private sealed class GetCall(string key) : Call<KvReply, string?>
    {
        protected override bool IsRepeatable => true;

        protected override void Write(IBufferWriter<byte> output) => Kv.Write($"get {key}", output);

        protected override string? Read(KvReply reply) => reply.Kind switch { '$' => reply.Text, '-' => null, _ => throw Kv.Refused(reply) };
    }

    private sealed class AddCall(string key, long number) : Call<KvReply, long>
    {
        protected override void Write(IBufferWriter<byte> output) => Kv.Write($"add {key} {number}", output);

        protected override long Read(KvReply reply) => reply.Kind == '$' && long.TryParse(reply.Text, out var sum) ? sum : throw Kv.Refused(reply);
    }

    private sealed class KeysCall : StreamCall<KvReply, string>
    {
        protected override void Write(IBufferWriter<byte> output) => Kv.Write("keys", output);

        protected override bool Read(KvReply reply, IObserver<string> items)
        {
            if (reply.Kind == '*')
            {
                items.OnNext(reply.Text);
                return false;
            }

            if (reply.Kind != '.')
            {
                items.OnError(Kv.Refused(reply));
            }

            return true;
        }
    }
}

internal sealed class Store
{
    private const int MaxKeys = 100_000;

    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    public ReadOnlyMemory<byte> Answer(KvRequest request) => $"{Reply(request)}\r\n".ToBytes();

    private string Reply(KvRequest request) => request switch
    {
        ("get", { Length: > 0 } key, "") => _values.TryGetValue(key, out var value) ? $"${value}" : "-",
        ("set", { Length: > 0 } key, var value) => Keep(key, value) ? "+" : "!the store is full",
        ("add", { Length: > 0 } key, var text) when long.TryParse(text, out var number) => Add(key, number),
        ("keys", "", "") => string.Concat(_values.Keys.Select(key => $"*{key}\r\n")) + ".",
        _ => "!get KEY, set KEY VALUE, add KEY NUMBER or keys",
    };

    private string Add(string key, long number) =>
        !long.TryParse(_values.GetValueOrDefault(key, "0"), out var before) ? $"!{key} is no number"
        : Keep(key, $"{before + number}") ? $"${before + number}" : "!the store is full";

    private bool Keep(string key, string value)
    {
        if (_values.Count >= MaxKeys && !_values.ContainsKey(key))
        {
            return false;
        }

        _values[key] = value;
        return true;
    }
}
