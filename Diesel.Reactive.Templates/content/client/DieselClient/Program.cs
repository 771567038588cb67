using Diesel.Reactive;
using DieselClient;

if (args is not [var host, var port, var line])
{
    Console.Error.WriteLine("usage: DieselClient <host> <port> <line>");
    return 2;
}

using var client = new LineClient(host, int.Parse(port));
Console.WriteLine(await client.Ask(line));
return 0;
