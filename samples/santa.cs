#:project ../Diesel.Reactive

// diesel's santa example, J. A. Trono's problem: Santa sleeps until all nine reindeer are back, and delivers toys with them, or until three
// of his ten elves need help, and meets them. The reindeer come first. Nobody is forgotten and nobody waits for a thread.
using Diesel.Reactive;

const int Christmases = 2;

var reindeer = new Group(9);
var elves = new Group(3);
var (deliveries, meetings) = (0, 0);

Application.Quickstart(
    Enumerable.Range(0, 9).Select(number => Member(reindeer, 0.3, seed: number)),
    Enumerable.Range(0, 10).Select(number => Member(elves, 0.2, seed: 100 + number)),
    (Func<Task>)Santa);

async Task Santa()
{
    while (deliveries < Christmases)
    {
        var first = await First.Of(reindeer.Full(), elves.Full());
        await first.Match(Deliver, Meet);
    }

    Console.WriteLine(meetings > 0 ? "Santa has met elves in between, and is tired" : "no elf has come");
    Application.Quickstop();
}

async Task Deliver(Event[] team)
{
    Console.WriteLine($"Ho ho ho! {team.Length} reindeer deliver toys");
    await Hub.Default.Sleep(TimeSpan.FromSeconds(0.05));
    deliveries++;
    LetGo(team);
}

async Task Meet(Event[] team)
{
    meetings++;
    await Hub.Default.Sleep(TimeSpan.FromSeconds(0.02));
    LetGo(team);
}

static void LetGo(Event[] team) => Array.ForEach(team, done => done.Set());

// On holiday, or at work, until they need Santa; then they wait until he has let them go.
static Func<Task> Member(Group group, double seconds, int seed) => async () =>
{
    var random = new Random(seed);
    while (true)
    {
        await Hub.Default.Sleep(TimeSpan.FromSeconds(seconds * random.NextDouble()));
        var done = new Event();
        group.Join(done);
        await done.Wait();
    }
};

// Those who wait at the door, in the order they came.
internal sealed class Group(int size)
{
    private readonly AsyncQueue<Event[]> _full = new();
    private readonly List<Event> _waiting = [];

    public void Join(Event done)
    {
        _waiting.Add(done);
        if (_waiting.Count == size)
        {
            _full.Put([.. _waiting]);
            _waiting.Clear();
        }
    }

    public Awaitable<Event[]> Full() => _full.Get();
}
