namespace Diesel.Reactive.Protocols.Redis;

/// <summary>What is asked of an object, in order: while some is on its way the rest gathers, and goes together.</summary>
/// <param name="of">Of what.</param>
/// <param name="steps">How it goes.</param>
internal sealed class Outbox(SharedObject of, Steps steps)
{
    private const int MaxOrders = 1000;
    private const int MaxBytes = 1024 * 1024;

    private readonly Queue<Order> _waiting = new();
    private readonly Queue<(long Asked, Action Action)> _behind = new();
    private bool _isWorking;
    private long _asked;
    private long _over;

    /// <summary>Asks for something. Any thread.</summary>
    /// <param name="words">What the function gets of it.</param>
    /// <param name="done">Told the reply to it, on the hub.</param>
    /// <param name="failed">Told why it failed in the end, on the hub; null: that is the object's failure.</param>
    public void Post(Bytes[] words, Action<RespValue>? done = null, Action<Exception>? failed = null)
    {
        var order = new Order(words, of.Owner.Now + of.Owner.Options.RepeatFor, done, failed ?? of.Fail);
        if (!of.Hub.Within(() => Enter(order)))
        {
            order.Failed(of.Ended());
        }
    }

    /// <summary>As <see cref="Post"/>, for who waits: cold.</summary>
    /// <param name="words">What the function gets of it.</param>
    /// <param name="read">What the reply means.</param>
    /// <param name="done">Heeds the reply before.</param>
    public Awaitable<T> Ask<T>(Bytes[] words, Func<RespValue, T> read, Action<RespValue>? done = null) => new Asked<T>(this, words, read, done);

    /// <summary>Runs when all that was asked before is over. The hub's thread only.</summary>
    public void Behind(Action action)
    {
        if (_over == _asked)
        {
            action();
        }
        else
        {
            _behind.Enqueue((_asked, action));
        }
    }

    private void Enter(Order order)
    {
        if (of.IsDisposed)
        {
            order.Failed(of.Ended());
            return;
        }

        if (_asked - _over >= of.Owner.Options.MaxWaiting)
        {
            order.Failed(new OutboxFullException(of.ToString(), of.Owner.Options.MaxWaiting));
            return;
        }

        _asked++;
        _waiting.Enqueue(order);
        if (!_isWorking)
        {
            _isWorking = true;
            of.Hub.Fork(Work, $"what is asked of {of}");
        }
    }

    private async Task Work()
    {
        // What is asked in one turn goes together.
        await of.Hub.Sleep();
        while (_waiting.Count > 0)
        {
            await Send(Batch());
        }

        _isWorking = false;
    }

    private async Task Send(Order[] batch)
    {
        try
        {
            Tell(batch, await steps.Next(batch[0].Limit - of.Owner.Now, [.. batch.SelectMany(static order => order.Words)]));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Fail([.. batch, .. Late()], failure);
        }

        while (_behind.TryPeek(out var next) && next.Asked <= _over)
        {
            Guarded(_behind.Dequeue().Action);
        }
    }

    // What has waited behind it until its own time was up has failed as well.
    private IEnumerable<Order> Late()
    {
        while (_waiting.TryPeek(out var next) && next.Limit <= of.Owner.Now)
        {
            yield return _waiting.Dequeue();
        }
    }

    private void Fail(Order[] orders, Exception failure)
    {
        _over += orders.Length;
        Array.ForEach(orders, order => Guarded(() => order.Failed(failure)));
    }

    private Order[] Batch()
    {
        var (batch, bytes) = (new List<Order>(), 0);
        while (batch.Count < MaxOrders && bytes < MaxBytes && _waiting.TryDequeue(out var order))
        {
            batch.Add(order);
            foreach (var word in order.Words)
            {
                bytes += word.Length;
            }
        }

        return [.. batch];
    }

    private void Tell(Order[] batch, RespValue reply)
    {
        var replies = reply.ToItems();
        if (replies.Length != batch.Length)
        {
            throw new ProtocolException($"{of} gave {replies.Length} replies for {batch.Length}.");
        }

        _over += batch.Length;
        for (var i = 0; i < batch.Length; i++)
        {
            try
            {
                Tell(batch[i], replies[i]);
            }
            catch (Exception thrown)
            {
                Report(thrown);
            }
        }
    }

    private static void Tell(Order order, RespValue reply)
    {
        if (reply.ToException() is { } no)
        {
            order.Failed(no);
        }
        else
        {
            order.Done?.Invoke(reply);
        }
    }

    private void Guarded(Action told)
    {
        try
        {
            told();
        }
        catch (Exception thrown)
        {
            Report(thrown);
        }
    }

    // Whoever is told may throw: that is nobody else's.
    private void Report(Exception thrown) => of.Hub.Report(thrown, $"who asked something of {of}");

    public override string ToString() => of.ToString();

    private sealed record Order(Bytes[] Words, TimeSpan Limit, Action<RespValue>? Done, Action<Exception> Failed);

    private sealed class Asked<T>(Outbox outbox, Bytes[] words, Func<RespValue, T> read, Action<RespValue>? done) : Awaitable<T>
    {
        public override IDisposable Subscribe(IObserver<T> observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            var telling = new Telling<T>(observer, read, done);
            outbox.Post(words, telling.Done, telling.Fail);
            return telling;
        }

        public override string ToString() => outbox.ToString();
    }

    // One who waits for a reply; whoever leaves is told nothing, and what was asked is done all the same.
    private sealed class Telling<T>(IObserver<T> observer, Func<RespValue, T> read, Action<RespValue>? done) : IDisposable
    {
        private int _over;

        public void Dispose() => Interlocked.Exchange(ref _over, 1);

        public void Fail(Exception error)
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
            {
                observer.OnError(error);
            }
        }

        public void Done(RespValue reply)
        {
            T value;
            try
            {
                done?.Invoke(reply);
                value = read(reply);
            }
            catch (Exception wrong)
            {
                Fail(wrong);
                return;
            }

            if (Interlocked.Exchange(ref _over, 1) == 0)
            {
                observer.OnNext(value);
                observer.OnCompleted();
            }
        }
    }
}
