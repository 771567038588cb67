namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What was asked, for whoever reads traces: no argument is shown.</summary>
internal static class CommandText
{
    private const int MostCommands = 32;
    private const int MostArguments = 32;

    /// <summary>Shows commands: <c>MGET ? ?; INCR ?</c>. Of very many, the first.</summary>
    public static string Of(IReadOnlyList<IRedisCommand> commands) =>
        $"{string.Join("; ", commands.Take(MostCommands).Select(Of))}{(commands.Count > MostCommands ? "; …" : "")}";

    private static string Of(IRedisCommand command)
    {
        var arguments = command.Arguments.Take(MostArguments + 1).Count();
        return $"{command.Name}{string.Concat(Enumerable.Repeat(" ?", Math.Min(arguments, MostArguments)))}{(arguments > MostArguments ? " …" : "")}";
    }
}
