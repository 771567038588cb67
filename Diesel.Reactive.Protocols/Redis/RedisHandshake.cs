using System.Buffers;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What is said on a fresh connection, before any call: which protocol, who it is, which database.</summary>
internal sealed class RedisHandshake(Connection connection, RedisOptions options, RespFraming framing)
{
    public async Task<RespVersion> Run()
    {
        var version = options.Protocol == RespVersion.Resp2 ? RespVersion.Resp2 : await Hello();
        if (version == RespVersion.Resp2)
        {
            await LogIn();
        }

        if (options.Database != 0)
        {
            await Do("SELECT", options.Database);
        }

        return version;
    }

    /// <summary>Asks to be told of others' changes to what is read; false: the server does not want to.</summary>
    public async Task<bool> Track() => !(await Ask(["CLIENT", "TRACKING", "ON", "NOLOOP"])).IsError;

    /// <summary>Makes sure that the server is what it has to be.</summary>
    /// <exception cref="ConnectionException">It is not.</exception>
    public async Task Meet(RedisRole role)
    {
        if (role == RedisRole.Replica)
        {
            await Do("READONLY");
        }
        else if (role == RedisRole.Master && await Ask(["ROLE"]) is { IsError: false } said && (said.ToItems() is not [var what, ..] || !what.Raw.SequenceEqual("master"u8)))
        {
            throw new ConnectionException($"{connection.RemoteEndPoint} is not the primary any more.", connection.RemoteEndPoint);
        }
    }

    // HELLO 3 [AUTH user password] [SETNAME name]
    private async Task<RespVersion> Hello()
    {
        Bytes[] logIn = options.Password is null ? [] : ["AUTH", options.User ?? "default", options.Password];
        Bytes[] name = options.ClientName is null ? [] : ["SETNAME", options.ClientName];
        var reply = await Ask(["HELLO", 3, .. logIn, .. name]);
        if (reply.ToException() is not { } no)
        {
            return RespVersion.Resp3;
        }

        // An old server repeats the arguments of what it does not know: that is not to be shown.
        var isUnknown = no.Code == "NOPROTO" || (no.Code == "ERR" && no.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase));
        return !isUnknown ? throw Shown(no)
            : options.Protocol is null ? RespVersion.Resp2
            : throw new RedisErrorException("NOPROTO the server does not speak RESP3.");
    }

    private async Task LogIn()
    {
        if (options.Password is not null)
        {
            await (options.User is null ? Do("AUTH", options.Password) : Do("AUTH", options.User, options.Password));
        }

        if (options.ClientName is not null)
        {
            await Do("CLIENT", "SETNAME", options.ClientName);
        }
    }

    private async Task Do(params Bytes[] words)
    {
        if ((await Ask(words)).ToException() is { } no)
        {
            throw Shown(no);
        }
    }

    /// <summary>Asks before any call.</summary>
    public Awaitable<RespValue> Ask(Bytes[] words)
    {
        var output = new ArrayBufferWriter<byte>();
        RespCodec.WriteCommand(output, words);
        connection.OnNext(output.WrittenMemory);
        return connection.Read(framing).Timeout(options.ConnectTimeout);
    }

    // A server repeats the arguments of a command it does not know, long ones in part.
    private RedisErrorException Shown(RedisErrorException no)
    {
        if (string.IsNullOrEmpty(options.Password))
        {
            return no;
        }

        var arguments = no.Message.IndexOf("with args", StringComparison.OrdinalIgnoreCase);
        return new((arguments < 0 ? no.Message : $"{no.Message[..arguments]}with ***").Replace(options.Password, "***", StringComparison.Ordinal));
    }
}
