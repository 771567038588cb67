namespace Diesel.Reactive.Testing;

/// <summary>What can go wrong on a <see cref="VirtualNetwork"/>.</summary>
/// <remarks>The first seven are drawn from the seed, as <see cref="LinkConditions"/> or a <see cref="Simulation"/> asks for; the others are done to it by
/// its methods or <see cref="VirtualNetwork.Strike"/>. The numbers are part of what is drawn, and stay.</remarks>
public enum FaultKind
{
    /// <summary>A datagram gets lost.</summary>
    Loss = 1,

    /// <summary>A datagram arrives twice.</summary>
    Duplication = 2,

    /// <summary>A datagram is held back, so that others overtake it.</summary>
    Reordering = 3,

    /// <summary>A packet takes longer than the least latency.</summary>
    Delay = 4,

    /// <summary>A chunk is shorter than what is there.</summary>
    Cut = 5,

    /// <summary>Of what is due at one instant, something is done after the rest; of a dial, that it is connected is told after it was accepted.
    /// <see cref="Simulation.Interleaving"/> says how often.</summary>
    Postponement = 6,

    /// <summary>What a scenario calls a fault: see <see cref="Simulation.Fault"/>.</summary>
    Own = 7,

    /// <summary>All connections between two hosts are reset.</summary>
    Reset = 16,

    /// <summary>A link holds what it should carry.</summary>
    Stall = 17,

    /// <summary>The end of a <see cref="Stall"/>.</summary>
    Resume = 18,

    /// <summary>Two hosts cannot reach each other.</summary>
    Partition = 19,

    /// <summary>The end of a <see cref="Partition"/>.</summary>
    Heal = 20,

    /// <summary>All sockets of a host vanish without a word.</summary>
    Crash = 21,

    /// <summary>A host answers no dials and drops datagrams.</summary>
    Silence = 22,

    /// <summary>The end of a <see cref="Silence"/>.</summary>
    Answer = 23,

    /// <summary>The program of a <see cref="SimulationNode"/> is killed, and starts again after a while: only a <see cref="Simulation"/> can do that.</summary>
    Restart = 24,
}
