namespace Diesel.Reactive;

/// <summary>Who reads a connection: at most one reader, attached and detached from any thread.</summary>
internal sealed class ReaderSlot(Connection connection, Inbound input)
{
    public IReader? Reader { get; private set; }

    public void Attach(IReader reader)
    {
        if (connection.Hub.IsCurrent)
        {
            AttachHere(reader);
        }
        else
        {
            AttachLater(reader);
        }
    }

    public void Detach(IReader reader)
    {
        if (Reader == reader)
        {
            Reader = null;
        }
    }

    public void DetachFromAnyThread(IReader reader)
    {
        if (connection.Hub.IsCurrent)
        {
            Detach(reader);
        }
        else
        {
            DetachLater(reader);
        }
    }

    /// <summary>Detaches the reader and tells it why; what its observer throws ends the connection.</summary>
    public void End(IReader reader, Exception? error)
    {
        Detach(reader);
        try
        {
            if (error is null)
            {
                reader.Complete();
            }
            else
            {
                reader.Fail(error);
            }
        }
        catch (Exception thrown) when (thrown is not ObjectDisposedException || thrown != error)
        {
            connection.Life.Break(thrown);
        }
        catch (ObjectDisposedException)
        {
            // An observer without an error handler throws what it is told; that this side disposed the connection is no error.
        }
    }

    private void AttachHere(IReader reader)
    {
        if (reader.HasLeft)
        {
            return;
        }

        if (Reader is not null)
        {
            reader.Fail(new InvalidOperationException(
                $"{connection} already has a reader. Input has one reader at a time: end the first, " +
                "or share it between observers with Publish()."));
            return;
        }

        Reader = reader;
        input.Attached(reader);
    }

    // Methods of their own: a lambda in the caller would cost it an allocation on the hub's thread, too.
    private void AttachLater(IReader reader)
    {
        if (!connection.Hub.Post(_ => AttachHere(reader)))
        {
            reader.Fail(new ObjectDisposedException(nameof(Hub), $"The hub of {connection} was disposed."));
        }
    }

    private void DetachLater(IReader reader) => connection.Hub.Post(_ => Detach(reader));
}
