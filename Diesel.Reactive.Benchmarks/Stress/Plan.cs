namespace Diesel.Reactive.Benchmarks.Stress;

/// <summary>What a connection goes through.</summary>
internal enum Deed
{
    /// <summary>All that the client sends comes back; the client ends first.</summary>
    Echo,

    /// <summary>The client sends, ends, and gets the count.</summary>
    Sink,

    /// <summary>The server sends and ends first.</summary>
    Source,

    /// <summary>Both send at once and end when they are done, in any order.</summary>
    Duplex,

    /// <summary>An echo that the server disposes of while the client still sends.</summary>
    ServerCloses,

    /// <summary>An echo that the server aborts.</summary>
    ServerResets,

    /// <summary>An echo that the client resets.</summary>
    ClientResets,

    /// <summary>The client resets before it said anything.</summary>
    Vanish,
}

/// <summary>One connection's life, drawn from the seed and its number alone: both sides draw it and need not agree.</summary>
internal sealed class Plan
{
    const int MostBytes = 4 * 1024 * 1024;
    const int MostOfTheNarrow = 128 * 1024;
    const int MostOfTheSlow = 256 * 1024;
    const int MostWrites = 256;

    Plan(int seed, int id)
    {
        var random = new Random(HashCode.Combine(seed, id));
        Id = id;
        Deed = random.NextDouble() < 0.02 ? Deed.Vanish : (Deed)random.Next((int)Deed.Vanish);
        OverHub = random.Next(2) == 0;
        Narrow = random.Next(3) == 0;
        ClientIsSlow = random.Next(4) == 0;
        ServerIsSlow = random.Next(4) == 0;
        AwaitsFrames = random.Next(2) == 0;
        AwaitsSends = random.Next(2) == 0;
        var most = Narrow ? MostOfTheNarrow : ClientIsSlow || ServerIsSlow ? MostOfTheSlow : MostBytes;
        ClientBytes = Deed is Deed.Source or Deed.Vanish ? 0 : Size(random, most);
        ServerBytes = Deed is Deed.Source or Deed.Duplex ? Size(random, most) : 0;
        Turn = random.Next(ClientBytes + 1);
        MostPerWrite = Math.Max(Size(random, 256 * 1024), Math.Max(ClientBytes, ServerBytes) / MostWrites) + 1;
    }

    public int Id { get; }

    public Deed Deed { get; }

    /// <summary>The client is this library's, on a hub; else a plain socket.</summary>
    public bool OverHub { get; }

    /// <summary>The sockets' buffers are small, so that they are often full.</summary>
    public bool Narrow { get; }

    public bool ClientIsSlow { get; }

    public bool ServerIsSlow { get; }

    /// <summary>The server reads with <c>await</c>; else it observes.</summary>
    public bool AwaitsFrames { get; }

    /// <summary>The server waits for each send; else it queues all at once.</summary>
    public bool AwaitsSends { get; }

    public int ClientBytes { get; }

    public int ServerBytes { get; }

    /// <summary>After how many of the client's bytes somebody closes or resets.</summary>
    public int Turn { get; }

    public int MostPerWrite { get; }

    public static Plan Draw(int seed, int id) => new(seed, id);

    public override string ToString() =>
        $"connection {Id}: {Deed}, {(OverHub ? "library" : "socket")} client{(ClientIsSlow ? ", slow" : "")}"
        + $"{(Narrow ? ", narrow" : "")}, {(ServerIsSlow ? "slow " : "")}server "
        + $"{(AwaitsFrames ? "awaiting" : "observing")}, {ClientBytes} bytes there, {ServerBytes} back, turn at {Turn}";

    // Every order of magnitude alike, and now and then nothing at all.
    static int Size(Random random, int most) => (int)Math.Exp(random.NextDouble() * Math.Log(most)) - 1;
}
