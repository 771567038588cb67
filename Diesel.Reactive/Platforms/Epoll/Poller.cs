using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Diesel.Reactive;

/// <summary>
/// An epoll instance and the table of who waits in it. Loop thread only, but for <see cref="Wake"/>.
/// </summary>
/// <remarks>The kernel is given a ticket, not a descriptor number: a slot of the table and how often the slot was used.
/// When a descriptor is closed in the middle of a turn and its number is given to a new one, an event that was fetched for
/// the old one carries an old ticket and goes nowhere.</remarks>
internal sealed unsafe class Poller : IDisposable
{
    // What so many connections need stays in a core's cache from where they are read to the turn's end, where they are sent to.
    private const int Capacity = 64;

    private const long WakeTicket = -1;

    // struct epoll_event is packed on x86-64 and naturally aligned elsewhere.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(long);

    private readonly int _epoll;
    private readonly int _wake;
    private readonly Lock _waking = new();
    private readonly byte[] _events = GC.AllocateArray<byte>(Capacity * EventSize, pinned: true);
    private readonly Stack<int> _free = new();
    private readonly List<Entry> _entries = [];
    private bool _coarse;
    private bool _disposed;
    private int _ready;

    public Poller()
    {
        _epoll = Check(Libc.EpollCreate(Libc.CloseOnExec));
        _wake = Check(Libc.EventDescriptor(0, Libc.CloseOnExec | Libc.NonBlockingSocket));
        Control(Libc.AddDescriptor, _wake, Libc.Readable | Libc.EdgeTriggered, WakeTicket);
    }

    /// <summary>How often it has looked what is ready.</summary>
    public long Looks { get; private set; }

    /// <summary>The last look of which everybody was told who was ready then.</summary>
    public long Told { get; private set; }

    /// <summary>Watches a descriptor.</summary>
    /// <returns>The ticket, for the other calls.</returns>
    /// <exception cref="IOException">The system has no room for one more; the descriptor is still the caller's.</exception>
    public long Add(int descriptor, uint events, IPollTarget target)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _entries.Count;
            _entries.Add(default);
        }

        ref var entry = ref Entries[slot];
        entry.Target = target;
        var ticket = ((long)entry.Uses << 32) | (uint)slot;
        try
        {
            Control(Libc.AddDescriptor, descriptor, events, ticket);
        }
        catch
        {
            Remove(ticket);
            throw;
        }

        return ticket;
    }

    public void Modify(int descriptor, uint events, long ticket) => Control(Libc.ModifyDescriptor, descriptor, events, ticket);

    /// <summary>Forgets a descriptor that is about to be closed; the kernel forgets it with the close.</summary>
    public void Remove(long ticket)
    {
        ref var entry = ref Entries[(int)ticket];
        entry.Target = null;
        entry.Uses = (entry.Uses + 1) & int.MaxValue;
        _free.Push((int)ticket);
    }

    /// <summary>Stops watching a descriptor that stays open.</summary>
    public void Forget(long ticket, int descriptor)
    {
        Control(Libc.RemoveDescriptor, descriptor, 0, ticket);
        Remove(ticket);
    }

    /// <summary>Waits until something is ready, the time is over (null: no end), or <see cref="Wake"/> was called.</summary>
    /// <returns>Whether it was not the time.</returns>
    public bool Wait(TimeSpan? timeout)
    {
        Looks++;
        fixed (byte* events = _events)
        {
            _ready = Wait(events, timeout);

            // A wait that was cut short (the process was stopped and goes on) has not looked.
            _ready = _ready >= 0 ? _ready : Math.Max(0, Wait(events, TimeSpan.Zero));
        }

        return _ready > 0;
    }

    /// <summary>Tells the targets of what <c>Wait</c> found.</summary>
    public void Dispatch(ITurns turns)
    {
        for (var i = 0; i < _ready; i++)
        {
            var at = i * EventSize;
            var ticket = Unsafe.ReadUnaligned<long>(ref _events[at + DataOffset]);
            if (ticket == WakeTicket)
            {
                // Each write is an edge of its own, whether the count was read or not; nobody lives to see it full.
                continue;
            }

            ref var entry = ref Entries[(int)ticket];
            if (entry.Target is { } target && entry.Uses == (int)(ticket >> 32))
            {
                turns.Execute(target, Unsafe.ReadUnaligned<uint>(ref _events[at]));
            }
        }

        // With as many as there is room for, there may be others.
        Told = _ready < Capacity ? Looks : Told;
        _ready = 0;
    }

    /// <summary>Ends the present or the next wait. Any thread.</summary>
    public void Wake()
    {
        // A thread that comes late must not write to whatever has got the number of the closed descriptor.
        lock (_waking)
        {
            if (!_disposed)
            {
                ulong one = 1;
                _ = Libc.Write(_wake, &one, sizeof(ulong));
            }
        }
    }

    public void Dispose()
    {
        lock (_waking)
        {
            _disposed = true;
            _ = Libc.Close(_wake);
        }

        _ = Libc.Close(_epoll);
    }

    private Span<Entry> Entries => CollectionsMarshal.AsSpan(_entries);

    private int Wait(byte* events, TimeSpan? timeout)
    {
        if (_coarse || timeout is null || timeout == TimeSpan.Zero)
        {
            var milliseconds = timeout is { } t ? (int)Math.Min(Math.Ceiling(t.TotalMilliseconds), int.MaxValue) : -1;
            return Libc.EpollWait(_epoll, events, Capacity, milliseconds);
        }

        var wait = new Libc.Timespec
        {
            Seconds = timeout.Value.Ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = timeout.Value.Ticks % TimeSpan.TicksPerSecond * 100,
        };
        try
        {
            var ready = Libc.EpollWait(_epoll, events, Capacity, &wait, null);
            if (ready >= 0 || Libc.LastError != Libc.ENOSYS)
            {
                return ready;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than the call (glibc 2.35): milliseconds will do.
        }

        _coarse = true;
        return Wait(events, timeout);
    }

    private void Control(int operation, int descriptor, uint events, long ticket)
    {
        var change = stackalloc byte[16];
        Unsafe.WriteUnaligned(change, events);
        Unsafe.WriteUnaligned(change + DataOffset, ticket);
        Check(Libc.EpollControl(_epoll, operation, descriptor, change));
    }

    private static int Check(int result) => result >= 0 ? result : throw new IOException(
        $"The epoll loop cannot get what it needs from the system: {Marshal.GetPInvokeErrorMessage(Libc.LastError)}.");

    private struct Entry
    {
        public IPollTarget? Target;
        public int Uses;
    }
}
