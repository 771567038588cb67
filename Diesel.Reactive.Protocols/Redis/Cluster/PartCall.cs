using System.Buffers;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Commands for one server, under way as one call with a reply for each; errors are replies.</summary>
/// <param name="commands">At least one.</param>
/// <param name="isAsking">Whether the server is to take them though it has not got their slots yet: each is told so before.</param>
/// <param name="moreTime">How much longer than others it may take.</param>
internal sealed class PartCall(IRedisCommand[] commands, bool isAsking, TimeSpan moreTime) : StreamCall<RespValue, RespValue[]>, IRedisCommandGroup
{
    private RespValue[]? _replies;
    private int _filled;
    private bool _isBefore;

    IEnumerable<IRedisCommand> IRedisCommandGroup.Commands => commands;

    protected override bool IsRepeatable => Array.TrueForAll(commands, static command => command.IsRepeatable);

    protected override TimeSpan Wait => moreTime;

    protected override long Length => commands.Sum(static command => command.Length);

    public override string ToString() => commands.Length == 1 ? commands[0].Name : $"{commands.Length} commands";

    protected override void Write(IBufferWriter<byte> output)
    {
        (_filled, _isBefore) = (0, isAsking);
        foreach (var command in commands)
        {
            if (isAsking)
            {
                output.Write("*1\r\n$6\r\nASKING\r\n"u8);
            }

            command.Write(output);
        }
    }

    protected override bool Read(RespValue reply, IObserver<RespValue[]> items)
    {
        if (_isBefore)
        {
            _isBefore = false;
            return false;
        }

        _replies ??= new RespValue[commands.Length];
        _replies[_filled++] = reply;
        _isBefore = isAsking;
        if (_filled < commands.Length)
        {
            return false;
        }

        items.OnNext(_replies);
        return true;
    }
}
