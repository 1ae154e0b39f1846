using System.Runtime.CompilerServices;

namespace Pipeline.Core;

/// <content>What becomes of results, and of items that were not begun.</content>
internal sealed partial class StageWorker<TIn, TOut>
{
    private void Drop(ItemOutcome outcome)
    {
        if (!_hasDrops)
            Array.Clear(_outcomes); // all completed
        Volatile.Write(ref _hasDrops, true);
        _outcomes[_begun] = outcome;
    }

    /// <summary>Hands on what is finished and gives back what is not begun; under the gate.</summary>
    private bool KeepOnly(int begun, long now)
    {
        if (begun >= _count)
            return false;
        PublishUpTo(begun, now);
        for (int i = begun + 1; i < _count; i++)
        {
            Ticket ticket = _tickets[i]!;
            if (_position >= 0)
                ticket.ExitPosition = _position + i;
            node.GiveBack(_items[i], ticket);
            _items[i] = default!;
            _tickets[i] = null;
        }

        _count = begun + 1;
        node.OnInputChanged(now);
        return true;
    }

    /// <summary>Hands on the results before an index; under the gate.</summary>
    private bool PublishUpTo(int end, long now)
    {
        int start = _published;
        while (_published < end)
        {
            int first = _published;
            if (!ItemTraits<TOut>.MayBeWeighted && !_hasDrops)
                _published = end;
            while (_published < end && !(_hasDrops && _outcomes[_published] != ItemOutcome.Completed))
            {
                if (ItemTraits<TOut>.MayBeWeighted && _weights[_published] >= 0)
                    node.Run.Budget.Charge(_tickets[_published]!, _weights[_published]);
                _published++;
            }

            if (_published > first)
                node.Publish(_results.AsSpan(first.._published), _tickets.AsSpan(first.._published), Position(first), now);
            for (; _published < end && _hasDrops && _outcomes[_published] != ItemOutcome.Completed; _published++)
                node.Drop(_tickets[_published]!, _outcomes[_published], Position(_published), now);
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<TIn>())
            _items.AsSpan(start..end).Clear();
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TOut>())
            _results.AsSpan(start..end).Clear();
        _tickets.AsSpan(start..end).Clear();
        return true;
    }

    private long Waited(long now)
    {
        long waited = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_tickets[i]!.ArrivedAt == 0)
                return -1; // it arrived before somebody listened
            waited += now - _tickets[i]!.ArrivedAt;
        }

        return waited;
    }

    private long Position(int item) => _position >= 0 ? _position + item : -1;
}
