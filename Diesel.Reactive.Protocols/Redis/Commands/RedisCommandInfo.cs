namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What a server says of a command.</summary>
/// <param name="Name">In lower case, with its subcommand behind <c>|</c>.</param>
/// <param name="Arity">How many words it has, its own included; negative: at least that many.</param>
/// <param name="Flags"><c>readonly</c>, <c>write</c>, <c>blocking</c>, …</param>
/// <param name="FirstKey">Where its first key stands; 0: it has none, or that depends.</param>
/// <param name="LastKey">Where its last key stands; negative: counted from the end.</param>
/// <param name="KeyStep">How far its keys are apart.</param>
/// <param name="Subcommands">Its subcommands.</param>
public sealed record RedisCommandInfo(
    string Name, long Arity, IReadOnlySet<string> Flags, long FirstKey, long LastKey, long KeyStep, IReadOnlyList<RedisCommandInfo> Subcommands)
{
    // name, arity, flags, first, last, step, categories, tips, key specifications, subcommands
    internal static RedisCommandInfo Read(RespValue value) => value.ToItems() is [var name, var arity, var flags, var first, var last, var step, .. var more]
        ? new(
            name.ToText(),
            arity.ToInt64(),
            flags.ToItems().Select(static flag => flag.ToText()).ToHashSet(),
            first.ToInt64(),
            last.ToInt64(),
            step.ToInt64(),
            more is [_, _, _, var subcommands, ..] ? [.. subcommands.ToItems().Select(Read)] : [])
        : throw new ProtocolException("A reply arrived that does not tell of a command.");
}
