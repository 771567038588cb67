namespace Diesel.Reactive;

/// <summary>What has one reader at a time, attached and detached from any thread, and told why when it ends.</summary>
/// <remarks>Delivery is a loop, never recursion: what an item triggers (the next read, a send) returns here.</remarks>
internal abstract class Readable(Hub hub) : IHubWait
{
    private static readonly Action<object?> DeliverPosted = static source => ((Readable)source!).Deliver();

    private IReader? _reader;

    public Hub Hub => hub;

    /// <summary>Whether somebody waits for something to read.</summary>
    public bool HasReader => _reader is { IsAhead: false };

    /// <summary>Who reads at present.</summary>
    public IReader? Present => _reader;

    /// <summary>Whether an item is being delivered now: what is sent meanwhile is a reply to it.</summary>
    public bool IsDelivering { get; private set; }

    public void Attach(IReader reader)
    {
        if (!hub.Invoke(static r => ((IReader)r!).Source.AttachHere((IReader)r), reader))
        {
            reader.HubEnded(hub.Ended());
        }
    }

    // A reader was to be served in a later turn.
    public void HubEnded(ObjectDisposedException error)
    {
        if (_reader is { } reader)
        {
            Detach(reader);
            Tell(reader, error, isKnown: true);
        }
    }

    /// <summary>The reader takes nothing more. In a turn.</summary>
    public void Detach(IReader reader)
    {
        if (_reader == reader)
        {
            _reader = null;
        }
    }

    /// <summary>The reader has left, on whatever thread.</summary>
    public void Leave(IReader reader) => hub.Invoke(static r => ((IReader)r!).Source.Detach((IReader)r), reader);

    /// <summary>Ends a reader that is there, and waits.</summary>
    public void Expel(IReader reader, Exception why)
    {
        if (_reader == reader)
        {
            End(reader, why);
        }
    }

    /// <summary>Who only reads ahead goes, and leaves what it has not consumed.</summary>
    protected void MakeWay()
    {
        if (_reader is { } reader && reader.TryMakeWay())
        {
            Detach(reader);
        }
    }

    /// <summary>Delivers items until there is no reader, or nothing for it.</summary>
    protected void Deliver()
    {
        if (IsDelivering)
        {
            return;
        }

        IsDelivering = true;
        try
        {
            while (_reader is { } reader && Step(reader))
            {
                if (reader.HasHadItsShare && _reader == reader)
                {
                    DeliverLater();
                    return;
                }
            }
        }
        finally
        {
            IsDelivering = false;
        }
    }

    /// <summary>Gives the reader one item, or ends it; false: there is nothing for it now.</summary>
    protected abstract bool Serve(IReader reader);

    /// <summary>The reader's observer threw: shows that, and says what the reader is told, as others may share it.</summary>
    protected abstract Exception Broken(Exception thrown);

    /// <summary>Gives the reader one item, if there is one.</summary>
    protected bool TryGive(IReader reader)
    {
        try
        {
            return reader.TryDeliver();
        }
        catch (Exception thrown)
        {
            Detach(reader);
            Tell(reader, Broken(thrown), isKnown: true);
            return true;
        }
    }

    /// <summary>Detaches the reader and tells it why; null: there is nothing more.</summary>
    /// <returns>False: whoever reads on when told the end, or an error (Retry), is served in a later turn, as it may do so
    /// without limit.</returns>
    protected bool End(IReader reader, Exception? why)
    {
        Detach(reader);
        Tell(reader, why, isKnown: why is ObjectDisposedException);
        if (_reader is not null)
        {
            DeliverLater();
        }

        return false;
    }

    private void DeliverLater()
    {
        if (!hub.Post(DeliverPosted, this))
        {
            HubEnded(hub.Ended());
        }
    }

    private bool Step(IReader reader)
    {
        if (reader.HasLeft)
        {
            Detach(reader);
            return true;
        }

        return Serve(reader);
    }

    // An observer without an error handler throws what it is told. That is no news if this side disposed what it reads, or if
    // it was shown already.
    private void Tell(IReader reader, Exception? why, bool isKnown)
    {
        try
        {
            if (why is null)
            {
                reader.Complete();
            }
            else
            {
                reader.Fail(why);
            }
        }
        catch (Exception thrown) when (isKnown && thrown == why)
        {
        }
        catch (Exception thrown)
        {
            Broken(thrown);
        }
    }

    private void AttachHere(IReader reader)
    {
        if (reader.HasLeft)
        {
            return;
        }

        MakeWay();
        if (_reader is not null)
        {
            reader.Fail(new InvalidOperationException(
                $"{this} already has a reader. Input has one reader at a time: end the first, " +
                "or share it between observers with Share()."));
            return;
        }

        _reader = reader;
        if (reader.IsStream && !IsDelivering)
        {
            DeliverLater();
        }
        else
        {
            Deliver();
        }

        if (_reader == reader)
        {
            reader.Waits();
        }
    }
}
