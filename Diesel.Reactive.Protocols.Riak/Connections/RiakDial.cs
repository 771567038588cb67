using System.Net;
using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak;

/// <summary>Opens connections to a node: TLS where it is wanted, the log-in, the client's name.</summary>
/// <remarks>Source: <c>riak_api_pb_server.erl</c>: a node without security answers <c>StartTls</c> with an error and goes on in clear text, a wrong password after 5 s, both on a
/// connection that stays open.</remarks>
internal sealed class RiakDial(EndPoint server, RiakOptions options, Hub hub)
{
    private readonly TcpConnectOptions _dialling = options.Tls is null ? options : options with { Tls = null };
    private int _loggingIn;

    /// <summary>Whether a log-in is under way, which may take long to be refused.</summary>
    public bool IsLoggingIn => _loggingIn > 0;

    /// <exception cref="ConnectionException">The node cannot be reached, or left.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    /// <exception cref="RiakErrorException">It does not want to.</exception>
    /// <exception cref="ProtocolException">It speaks something else.</exception>
    public async Task<RiakConnection> Connect(Bytes? clientId)
    {
        var connection = await Tcp.Connect(server, _dialling, hub);
        var (isReady, isLate) = (false, false);
        var limit = new Deadline(hub, _ =>
        {
            isLate = true;
            connection.Abort();
        });
        limit.Reset(options.ConnectTimeout);
        try
        {
            await Prepare(connection, clientId);
            isReady = true;
            return new RiakConnection(connection, options, clientId);
        }
        catch (Exception error) when (isLate)
        {
            throw new TimeoutException($"{server.Shown()} was connected to, and did not end its greeting within {options.ConnectTimeout}.", error);
        }
        catch (EndOfStreamException ended)
        {
            throw new ConnectionException($"{server.Shown()} has ended the connection before it was ready.", server, ended);
        }
        finally
        {
            limit.Cancel();
            if (!isReady)
            {
                connection.Abort();
            }
        }
    }

    private async Task Prepare(Connection connection, Bytes? clientId)
    {
        if (options.Tls is TlsClientOptions tls)
        {
            await StartTls(connection, tls);
        }

        if (options.User is { } user)
        {
            await LogIn(connection, user);
        }

        if (clientId is { } id)
        {
            await Ask(connection, RiakCode.SetClientIdRequest, new RpbSetClientIdReq { ClientId = id.ToByteString() }, RiakCode.SetClientIdReply);
        }
    }

    private async Task StartTls(Connection connection, TlsClientOptions tls)
    {
        try
        {
            await Ask(connection, RiakCode.StartTls, new RpbStartTls(), RiakCode.StartTls);
        }
        catch (RiakErrorException refused)
        {
            throw new RiakErrorException(
                refused.Text, refused.Code, $"{server.Shown()} does not speak TLS: {refused.Text} Nothing was sent in clear text. Turn its security on, or connect without tls=true.");
        }

        await connection.Upgrade(tls.ServerName is null && server is DnsEndPoint named ? tls with { ServerName = named.Host } : tls);
    }

    private async Task LogIn(Connection connection, string user)
    {
        _loggingIn++;
        try
        {
            await Ask(
                connection, RiakCode.AuthRequest, new RpbAuthReq { User = user.ToByteString(), Password = (options.Password ?? "").ToByteString() }, RiakCode.AuthReply);
        }
        catch (RiakErrorException refused)
        {
            throw new RiakErrorException(refused.Text, refused.Code, $"{server.Shown()} does not let {user} in: {refused.Text}");
        }
        finally
        {
            _loggingIn--;
        }
    }

    private async Task Ask(Connection connection, RiakCode code, IMessage message, RiakCode expected)
    {
        RiakCodec.Write(code, message, connection.Output);
        var reply = await connection.Read(new RiakFraming(options.MaxFrame));
        if (reply.Code == RiakCode.Error)
        {
            throw RiakErrors.Of(reply);
        }

        if (reply.Code != expected || reply.IsFollowed)
        {
            throw new ProtocolException($"{server.Shown()} answers {code} with {reply.Code}{(reply.IsFollowed ? " and more" : "")}.");
        }

        RiakCodec.Parse(reply);
    }
}
