namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What is asked for.</summary>
/// <param name="Name">Of whom.</param>
/// <param name="Type">Which records.</param>
/// <param name="Class">Nearly always <see cref="DnsClass.IN"/>.</param>
public readonly record struct DnsQuestion(DnsName Name, DnsType Type, DnsClass Class = DnsClass.IN)
{
    /// <summary>Name, class and type.</summary>
    public override string ToString() => $"{Name} {Class.Print()} {Type.Print()}";
}
