using System.Reactive.Linq;
using System.Text;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>The functions of one kind of object, which a server keeps: given to it when it says that it has none, or older ones.</summary>
/// <remarks>A cluster does not spread functions: all its primaries are given them, and one that joins later is when it is asked first.</remarks>
/// <param name="kind">What the files of functions are called: <c>queue</c>.</param>
internal sealed class FunctionLibrary(string kind)
{
    /// <summary>Of all libraries: the first argument of each function.</summary>
    public const int Version = 1;

    private const int Attempts = 3;

    private readonly Lazy<Bytes> _code = new(() => $"#!lua name=diesel_{kind}\n{Text("common")}\n{Text(kind)}");

    /// <summary>What a server is given.</summary>
    public Bytes Code => _code.Value;

    /// <summary>Runs a function, which may be sent twice.</summary>
    /// <param name="redis">Where.</param>
    /// <param name="function">Behind the library's name: <c>put</c>.</param>
    /// <param name="key">The object's.</param>
    /// <param name="arguments">Those behind the version.</param>
    public IObservable<RespValue> Call(IRedisCommands redis, string function, Bytes key, params ReadOnlySpan<Bytes> arguments)
    {
        var command = new RedisCommand<RespValue>("FCALL", Reply.Any, [$"diesel_{kind}_{function}", 1, key, Version, .. arguments]) { IsReadOnly = true, IsWrite = true };
        return Call(redis, redis.Ask(command), Attempts);
    }

    private IObservable<RespValue> Call(IRedisCommands redis, Awaitable<RespValue> call, int attempts) => call.Catch((RedisErrorException no) =>
        attempts > 1 && (no.Code == "DIESELOLD" || no.Message.Contains("Function not found", StringComparison.Ordinal))
            ? Load(redis, no.Code == "DIESELOLD").SelectMany(_ => Call(redis, call, attempts - 1))
            : Observable.Throw<RespValue>(no));

    // Of a cluster's primaries some may have it already, or another program was faster.
    private IObservable<string> Load(IRedisCommands redis, bool replace) => redis.FunctionLoad(Code, replace).Catch((RedisErrorException no) =>
        no.Message.Contains("already exists", StringComparison.Ordinal) ? Observable.Return("") : Observable.Throw<string>(no));

    private static string Text(string name)
    {
        using var stream = typeof(FunctionLibrary).Assembly.GetManifestResourceStream($"{name}.lua")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
