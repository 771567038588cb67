using System.Reflection;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What clients publish of their calls: one meter and one source of spans, named as the package.</summary>
/// <remarks>Source: OpenTelemetry semantic conventions 1.4x, "MongoDB".</remarks>
internal static class MongoTelemetry
{
    public const string Name = "Diesel.Reactive.Protocols.MongoDB";

    public static DatabaseTelemetry All { get; } = new(
        Name, "mongodb", typeof(MongoTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);

    /// <summary>It is over.</summary>
    public static void Finish(this DatabaseOperation? operation, Exception? error) =>
        operation?.End(error, error is MongoErrorException { Code: var code } ? $"{code}" : null);
}
