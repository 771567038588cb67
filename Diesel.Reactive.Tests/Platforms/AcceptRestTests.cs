using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Tests;

/// <summary>What a listener does without descriptors, on a machine that is made up of numbers.</summary>
public class AcceptRestTests
{
    private const SocketError None = SocketError.TooManyOpenSockets;

    private World _world = null!;
    private Machine _machine = null!;
    private AcceptRest _rest = null!;

    [SetUp]
    public void Begin()
    {
        _world = new World();
        _machine = new Machine();
    }

    [TearDown]
    public void End()
    {
        _rest.Dispose();
        _world.Dispose();
    }

    [TestCase(8, 3)]
    [TestCase(7, 2)]
    [TestCase(6, 5, TestName = "And all but one go back at once when nothing else would be left")]
    [TestCase(3, 2, TestName = "And where there are too few of them in the first place")]
    public void Five_descriptors_are_kept(int free, int left)
    {
        Listens(free);
        Assert.That((_machine.Free, _rest.IsOn), Is.EqualTo((left, false)));
    }

    [Test]
    public void Out_of_descriptors_it_rests_says_so_and_gives_four_back_to_the_process()
    {
        Listens(8);
        _machine.Free = 0;
        _world.Do(() => _rest.Begin(None));
        Assert.That((_rest.IsOn, _machine.Changes, _machine.Free), Is.EqualTo((true, 1, 4)));
        Assert.That(_world.Errors.Single().ToString(), Does.StartWith("the machine: ConnectionException: Cannot accept at 127.0.0.1:80: too many open files in this process."));
    }

    [TestCase(2, false)]
    [TestCase(1, true)]
    public void It_rests_before_the_last_one_is_taken(int free, bool rests)
    {
        Listens(8);
        _machine.Free = free;
        _world.Do(_rest.BeginIfShort);
        Assert.That((_rest.IsOn, _machine.Free), Is.EqualTo((rests, rests ? free + 4 : free)));
    }

    [Test]
    public void It_looks_again_after_longer_and_longer_pauses_and_goes_on_when_there_are_enough()
    {
        Runs_out();
        var looks = new List<double>();
        while (_rest.IsOn)
        {
            var before = _machine.Looks;
            _world.Passes(0.001);
            if (_machine.Looks != before)
            {
                looks.Add(_world.Now);
            }

            // What it gave back or held is gone again at once, until there are enough.
            _machine.Free = looks.Count == 5 ? 6 : 0;
        }

        Assert.That(looks.Zip(looks.Skip(1), static (one, next) => next - one), Is.EqualTo(new[] { 0.02, 0.04, 0.08, 0.16, 0.32 }).Within(0.002));
        Assert.That(_world.Errors, Has.Count.EqualTo(1), "only the first of a row is told");
    }

    [Test]
    public void Who_waits_for_more_than_a_second_is_refused_with_the_descriptor_that_is_left()
    {
        Runs_out();
        _machine.Waiting = 70;
        _world.Passes(1.2);
        Assert.That(_machine.Refused, Is.Zero);
        _world.Passes(0.1);
        Assert.That((_machine.Refused, _machine.Free), Is.EqualTo((64, 0)), "in portions, and it keeps the one");
        _world.Passes(1);
        Assert.That((_machine.Refused, _world.Errors.Count), Is.EqualTo((70, 1)));
    }

    [Test]
    public void Of_other_troubles_nobody_is_refused()
    {
        Listens(8);
        _machine.Fails = () => _rest.Begin(SocketError.NoBufferSpaceAvailable);
        _machine.Waiting = 1;
        _world.Do(() => _rest.Begin(SocketError.NoBufferSpaceAvailable));
        _world.Passes(10);
        Assert.That((_machine.Refused, _rest.IsOn), Is.EqualTo((0, true)));
    }

    [Test]
    public void Who_is_accepted_ends_the_row()
    {
        Runs_out();
        _world.Passes(1);
        _machine.Free = 8;
        _world.Passes(1);
        Assert.That(_rest.IsOn, Is.False);
        _rest.Accepted();
        _machine.Free = 0;
        _world.Do(() => _rest.Begin(None));
        Assert.That(_world.Errors, Has.Count.EqualTo(2));
        _machine.Free = 8;
        _world.Passes(0.011);
        Assert.That(_rest.IsOn, Is.False, "the first pause again");
    }

    [Test]
    public void Closed_it_holds_none_and_takes_none()
    {
        Runs_out();
        _machine.Free = 8;
        _rest.Dispose();
        Assert.That(_machine.Free, Is.EqualTo(9));
        _world.Passes(5);
        _world.Do(() => _rest.Begin(None));
        Assert.That((_machine.Free, _machine.Changes), Is.EqualTo((9, 1)));
    }

    private void Listens(int free)
    {
        _machine.Free = free;
        _rest = new AcceptRest(_world.Hub, _machine);
        _machine.Rest = _rest;
    }

    // What it gives back is somebody else's at once.
    private void Runs_out()
    {
        Listens(8);
        _world.Hub.Schedule(() =>
        {
            _rest.Begin(None);
            _machine.Free = 0;
        });
        _world.Passes(0.001);
    }

    private sealed class Machine : IAcceptor
    {
        public int Free { get; set; }

        public int Waiting { get; set; }

        public int Refused { get; private set; }

        public int Changes { get; private set; }

        public int Looks { get; private set; }

        public AcceptRest? Rest { get; set; }

        /// <summary>What accepting does, when it goes wrong again.</summary>
        public Action? Fails { get; set; }

        public EndPoint LocalEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 80);

        public IDisposable? OpenSpare()
        {
            Looks++;
            if (Free == 0)
            {
                return null;
            }

            Free--;
            return Disposable.Create(() => Free++);
        }

        public bool HasTwoSpares() => Free >= 2;

        public bool RefuseOne()
        {
            if (Waiting == 0 || Free == 0)
            {
                return false;
            }

            Waiting--;
            Refused++;
            return true;
        }

        public void RestChanged()
        {
            Changes++;
            if (Rest?.IsOn == false)
            {
                Fails?.Invoke();
            }
        }

        public override string ToString() => "the machine";
    }
}
