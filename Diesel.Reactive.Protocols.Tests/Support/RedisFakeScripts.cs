using Diesel.Reactive.Protocols;
using Diesel.Reactive.Protocols.Redis;

namespace Diesel.Reactive.Tests;

/// <summary>What the scripts of locks and semaphores do, for a server that runs no Lua.</summary>
internal static class RedisFakeScripts
{
    /// <param name="data">What the server stores.</param>
    /// <param name="words">EVAL, the script, how many keys, the keys, the arguments.</param>
    /// <param name="reads">Notes that a key was read.</param>
    public static RespValue Run(RedisFakeData data, Bytes[] words, Action<Bytes> reads)
    {
        var (script, key, fence, line) = (words[1].ToText(), words[3], words[4], words[5]);
        var place = new Place(data, key, data.LineOf(line), words[6..]);
        var reply = script switch
        {
            LockScripts.Acquire => place.Acquire(fence),
            LockScripts.AcquireOne => place.Several().Acquire(fence),
            LockScripts.Renew => place.Renew(),
            LockScripts.RenewOne => place.Several().Renew(),
            LockScripts.Release => place.Release(),
            LockScripts.ReleaseOne => place.Several().Release(),
            _ => Resp.Error("ERR unknown script"),
        };
        if (script is LockScripts.Acquire or LockScripts.Renew && place.IsMine)
        {
            reads(key);
        }

        return reply;
    }

    /// <summary>A lock, and who asks: the token, the expiry, for how long it is kept, whether it waits with the channel, how many.</summary>
    private sealed class Place(RedisFakeData data, Bytes key, List<(string Token, TimeSpan Expiry, string Channel)> line, Bytes[] arguments)
    {
        private readonly (string Token, TimeSpan Expiry, string Channel) _me =
            (arguments[0].ToText(), TimeSpan.FromMilliseconds(arguments[1].ToInt64()), arguments[3].ToText()[1..]);

        private Dictionary<string, DateTimeOffset>? _holders;

        public bool IsMine => _holders is { } all ? all.ContainsKey(_me.Token) : data.Get(key)?.ToText() == _me.Token;

        private bool IsFree => _holders is { } all ? all.Count < arguments[4].ToInt64() : data.Get(key) is null;

        public Place Several()
        {
            _holders = data.HoldersOf(key);
            foreach (var (token, until) in _holders.ToArray())
            {
                if (until <= data.Now)
                {
                    _holders.Remove(token);
                }
            }

            return this;
        }

        public RespValue Acquire(Bytes fenceKey)
        {
            if (!IsMine && !(IsFree && line.Count == 0))
            {
                if (!line.Contains(_me))
                {
                    line.Add(_me);
                }

                Hand();
                if (arguments[3].ToText()[0] == '0')
                {
                    line.Remove(_me);
                }

                if (!IsMine)
                {
                    return Resp.Integer(Remaining());
                }
            }

            line.Remove(_me);
            Hold(_me.Token, _me.Expiry);
            var fence = (data.Get(fenceKey)?.ToInt64() ?? 0) + 1;
            data.Store(fenceKey, fence, null);
            return Resp.Bulk(fence);
        }

        public RespValue Renew()
        {
            if (!IsMine)
            {
                return Resp.Integer(0);
            }

            Hold(_me.Token, _me.Expiry);
            return Resp.Integer(1);
        }

        public RespValue Release()
        {
            line.Remove(_me);
            var was = IsMine;
            if (was && _holders?.Remove(_me.Token) != true)
            {
                data.Store(key, null, null);
            }

            Hand();
            return Resp.Integer(was ? 1 : 0);
        }

        private void Hand()
        {
            while (IsFree && line.Count > 0)
            {
                var first = line[0];
                line.RemoveAt(0);
                if (first == _me || data.TellShard(first.Channel, first.Token) > 0)
                {
                    Hold(first.Token, first.Expiry);
                }

                if (first == _me)
                {
                    return;
                }
            }
        }

        private void Hold(string token, TimeSpan expiry)
        {
            if (_holders is { } all)
            {
                all[token] = data.Now + expiry;
            }
            else
            {
                data.Store(key, token, expiry);
            }
        }

        private long Remaining() => (long)(_holders is { } all ? all.Values.Min() - data.Now : data.TimeToLive(key)).TotalMilliseconds;
    }
}
