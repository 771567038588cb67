using System.Reactive.Disposables;

namespace Diesel.Reactive.Tests;

public class DescriptorReserveTests
{
    private int _free;

    [SetUp]
    public void Frees() => _free = 8;

    [Test]
    public void It_keeps_five_while_there_are_descriptors()
    {
        using var reserve = new DescriptorReserve(Open, () => _free >= 2);
        Assert.That((reserve.TryFill(), _free), Is.EqualTo((true, 3)));
        Assert.That((reserve.TryFill(), _free), Is.EqualTo((true, 3)), "once is enough");
    }

    [Test]
    public void All_but_one_go_back_when_there_are_none()
    {
        using var reserve = new DescriptorReserve(Open, () => _free >= 2);
        reserve.TryFill();
        reserve.Release();
        Assert.That(_free, Is.EqualTo(7));
    }

    [Test]
    public void It_is_not_filled_in_part()
    {
        using var reserve = new DescriptorReserve(Open, () => _free >= 2);
        _free = 4;
        Assert.That((reserve.TryFill(), _free), Is.EqualTo((false, 3)));
        _free += 6;
        Assert.That(reserve.TryFill(), Is.True);
    }

    [Test]
    public void It_is_not_kept_when_there_are_no_more()
    {
        using var reserve = new DescriptorReserve(Open, () => _free >= 2);
        reserve.TryFill();
        Assert.That((reserve.TryGoOn(), _free), Is.EqualTo((true, 3)));
        _free = 1;
        Assert.That((reserve.TryGoOn(), _free), Is.EqualTo((false, 5)));
        Assert.That((reserve.TryFill(), _free), Is.EqualTo((false, 5)), "that it could be filled is not enough");
    }

    [Test]
    public void The_last_is_lent_and_comes_back()
    {
        using var reserve = new DescriptorReserve(Open, () => _free >= 2);
        (_free, var lent) = (1, -1);
        reserve.TryFill();
        reserve.Lend(() => lent = _free);
        Assert.That((lent, _free), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Disposed_it_holds_none()
    {
        new DescriptorReserve(Open, () => _free >= 2).Dispose();
        var reserve = new DescriptorReserve(Open, () => _free >= 2);
        reserve.TryFill();
        reserve.Dispose();
        Assert.That(_free, Is.EqualTo(8));
    }

    private IDisposable? Open()
    {
        if (_free == 0)
        {
            return null;
        }

        _free--;
        return Disposable.Create(() => _free++);
    }
}
