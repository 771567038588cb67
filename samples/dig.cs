#:project ../Diesel.Reactive.Protocols

// Asks a server of names, and shows all it says.
//     dotnet run samples/dig.cs -- example.com
//     dotnet run samples/dig.cs -- @192.0.2.53 example.com MX
//     dotnet run samples/dig.cs -- @tls://dns.example@192.0.2.53 example.com HTTPS
//     dotnet run samples/dig.cs -- @192.0.2.53 example.com AXFR
using System.Reactive.Linq;
using Diesel.Reactive;
using Diesel.Reactive.Protocols.Dns;

var server = args.FirstOrDefault(arg => arg.StartsWith('@'))?[1..] ?? "system";
string[] words = [.. args.Where(arg => !arg.StartsWith('@'))];
if (words is not [var name, ..] || !DnsName.TryParse(name, out var asked) || !Enum.TryParse<DnsType>(words.ElementAtOrDefault(1) ?? "A", ignoreCase: true, out var type))
{
    Console.Error.WriteLine("usage: dig [@SERVER] NAME [TYPE]");
    return 2;
}

Application.Quickstart(() => Ask());
return Environment.ExitCode;

async Task Ask()
{
    try
    {
        using var client = new DnsClient(server);
        if (type == DnsType.AXFR)
        {
            await client.Transfer(asked).Do(Console.WriteLine).LastAsync();
        }
        else
        {
            var reply = await client.Query(asked, type, new DnsQueryOptions { DnssecOk = true });
            Console.WriteLine($"{reply}\n;; {reply.Server} by {reply.Transport}");
        }
    }
    catch (Exception error) when (error is DnsException or IOException or ArgumentException or ProtocolException)
    {
        Console.Error.WriteLine(error.Message);
        Environment.ExitCode = 1;
    }

    Application.Quickstop();
}
