using System.Text;
using Diesel.Reactive.Benchmarks.Harness;

namespace Diesel.Reactive.Benchmarks.Redis;

/// <summary>Something that asks and asks. Its number is read from another thread.</summary>
internal abstract class RedisLoad : IDisposable
{
    long _calls;

    public long Calls => Volatile.Read(ref _calls);

    protected static byte[] Value { get; } = Encoding.ASCII.GetBytes(new string('x', 64));

    public abstract void Dispose();

    /// <summary>A message has come; those without content only ask whether somebody listens.</summary>
    protected void Received(long length, int wanted) => Count(length == wanted ? 1 : length == 0 ? 0 : throw new NoResultException("a message is wrong"));

    protected void Count(int calls) => Interlocked.Add(ref _calls, calls);
}
