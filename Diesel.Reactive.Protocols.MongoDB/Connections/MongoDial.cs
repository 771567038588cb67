using System.Net;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>Opens connections to a server.</summary>
internal sealed class MongoDial(EndPoint server, MongoOptions options, MongoLogIn logIn, ClientEvents events, Hub hub, bool isBalanced = false)
{
    private int _last;

    /// <summary>How many are being dialled.</summary>
    public int Dialling { get; private set; }

    /// <summary>How many greet and log in.</summary>
    public int Greeting { get; private set; }

    /// <exception cref="ConnectionException">The server cannot be reached, or left.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    /// <exception cref="MongoErrorException">It does not want to.</exception>
    /// <exception cref="ProtocolException">It speaks something else.</exception>
    public async Task<MongoConnection> Connect()
    {
        var (id, began) = (++_last, hub.TimeProvider.GetTimestamp());
        events.Tell(new MongoConnectionCreated(server, id));
        try
        {
            var ready = await Greet(id, await Dial());
            events.Tell(new MongoConnectionReady(server, id, hub.TimeProvider.GetElapsedTime(began)));
            return ready;
        }
        catch
        {
            events.Tell(new MongoConnectionClosed(server, id, "error"));
            throw;
        }
    }

    private async Task<Connection> Dial()
    {
        Dialling++;
        try
        {
            return await Tcp.Connect(server, options, hub);
        }
        finally
        {
            Dialling--;
        }
    }

    private async Task<MongoConnection> Greet(int id, Connection connection)
    {
        var (isReady, isLate) = (false, false);
        Greeting++;
        var limit = new Deadline(hub, _ =>
        {
            isLate = true;
            connection.Abort();
        });
        limit.Reset(options.ConnectTimeout);
        try
        {
            var hello = await new MongoHandshake(connection, options, logIn, isBalanced).Run();
            isReady = true;
            return new MongoConnection(id, connection, hello, options);
        }
        catch (Exception error) when (isLate)
        {
            throw new TimeoutException($"{MongoEndPoint.Shown(server)} was connected to, and did not end its greeting within {options.ConnectTimeout}.", error);
        }
        catch (EndOfStreamException ended)
        {
            throw new ConnectionException($"{MongoEndPoint.Shown(server)} has ended the connection before it was ready.", server, ended);
        }
        finally
        {
            Greeting--;
            limit.Cancel();
            if (!isReady)
            {
                connection.Abort();
            }
        }
    }
}
