namespace Diesel.Reactive;

/// <summary>A hub's log, for whoever observes it.</summary>
internal sealed class LogStream : Broadcast<HubLogRecord>
{
    [ThreadStatic]
    private static bool _writing;

    public void Write(HubLogRecord record)
    {
        // What an observer of the log causes itself (a line on a connection, that fails) would be told to it again.
        if (_writing)
        {
            return;
        }

        _writing = true;
        try
        {
            // What an observer throws could only be told to those that observe.
            Tell(record);
        }
        finally
        {
            _writing = false;
        }
    }
}
