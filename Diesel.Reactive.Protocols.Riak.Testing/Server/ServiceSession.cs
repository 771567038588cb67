using System.Security.Cryptography.X509Certificates;
using Diesel.Reactive.Protocols.Riak.Messages;
using Google.Protobuf;

namespace Diesel.Reactive.Protocols.Riak.Testing;

/// <summary>One connection, as the service sees it.</summary>
internal sealed class ServiceSession(Connection connection, ServiceState state)
{
    private static readonly RiakFraming Framing = new();

    private readonly Hub _hub = Hub.Current!;
    private readonly ObjectAnswers _objects = new(state, Hub.Current!.TimeProvider);
    private readonly QueryAnswers _queries = new(state);
    private readonly TypeAnswers _types = new(state);
    private ByteString _clientId = ByteString.CopyFrom(0, 0, 0, 0);
    private bool _isSecure;
    private bool _isIn;

    public async Task Serve()
    {
        while (true)
        {
            RiakFrame frame;
            try
            {
                frame = await connection.Read(Framing);
            }
            catch (EndOfStreamException)
            {
                return;
            }

            var message = RiakCodec.Parse(frame);
            if (state.Heard.HasObservers)
            {
                state.Heard.OnNext((frame.Code, message));
            }

            if (state.TryScripted(frame.Code, message, out var scripted))
            {
                if (scripted is null)
                {
                    connection.Abort();
                    return;
                }

                Refuse(scripted);
                continue;
            }

            try
            {
                if (!await IsSecured(frame.Code, message))
                {
                    await Answer(frame.Code, message);
                }
            }
            catch (RiakErrorException error)
            {
                Refuse(error);
            }
        }
    }

    private string? CertifiedName => connection.Feature<TlsInfo>()?.PeerCertificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    private void Refuse(RiakErrorException error) =>
        Send(RiakCode.Error, new RpbErrorResp { Errmsg = error.Text.ToByteString(), Errcode = (uint)error.Code });

    private void Send(RiakCode code, IMessage message) => RiakCodec.Write(code, message, connection.Output);

    // Source: riak_api_pb_server.erl. True: that was all about the request.
    private async Task<bool> IsSecured(RiakCode code, IMessage message)
    {
        if (code == RiakCode.StartTls)
        {
            if (state.Options.Security is not { } security)
            {
                throw new RiakErrorException("Security not enabled; STARTTLS not allowed.");
            }

            Send(RiakCode.StartTls, message);
            await connection.Upgrade(security);
            _isSecure = true;
            return true;
        }

        if (state.Options.Security is null)
        {
            return code == RiakCode.AuthRequest ? throw new RiakErrorException("Security not enabled.") : false;
        }

        if (!_isSecure)
        {
            throw new RiakErrorException("Security is enabled, please STARTTLS first");
        }

        if (message is RpbAuthReq login)
        {
            await LogIn(login);
            return true;
        }

        return _isIn ? false : throw new RiakErrorException("Security is enabled, please authenticate first");
    }

    private async Task LogIn(RpbAuthReq login)
    {
        var (name, password) = (login.User.ToStringUtf8(), login.Password.ToStringUtf8());
        if (!state.Options.Users.Any(user => user.Name == name && (user.Password ?? password) == password && (user.Password is not null || CertifiedName == name)))
        {
            await _hub.Sleep(state.Options.RefusalDelay);
            throw new RiakErrorException("Authentication failed");
        }

        _isIn = true;
        Send(RiakCode.AuthReply, new RpbAuthResp());
    }

    private async Task Answer(RiakCode code, IMessage message)
    {
        switch (message)
        {
            case RpbGetReq get:
                Send(RiakCode.GetReply, _objects.Get(get));
                break;
            case RpbPutReq put:
                Send(RiakCode.PutReply, _objects.Put(put));
                break;
            case RpbDelReq delete:
                _objects.Delete(delete);
                Send(RiakCode.DeleteReply, new RpbDelResp());
                break;
            case RpbPingReq:
                Send(RiakCode.PingReply, new RpbPingResp());
                break;
            case RpbGetServerInfoReq:
                Send(RiakCode.ServerInfoReply, new RpbGetServerInfoResp { Node = "memory@127.0.0.1".ToByteString(), ServerVersion = "3.2.1".ToByteString() });
                break;
            case RpbGetClientIdReq:
                Send(RiakCode.GetClientIdReply, new RpbGetClientIdResp { ClientId = _clientId });
                break;
            case RpbSetClientIdReq named:
                _clientId = named.ClientId;
                Send(RiakCode.SetClientIdReply, new RpbSetClientIdResp());
                break;
            case DtFetchReq or DtUpdateReq or RpbCounterUpdateReq or RpbCounterGetReq:
                var (reply, typed) = _types.Answer(message);
                Send(reply, typed);
                break;
            default:
                foreach (var (part, one) in _queries.Answer(code, message))
                {
                    Send(part, one);
                    await connection.Room();
                }

                break;
        }
    }
}
