namespace Pipeline.Sync;

/// <summary>Checks a ledger against itself and against its journals.</summary>
internal static class LedgerAudit
{
    public static LedgerVerification Run(ILedgerStore store, IEnumerable<string> journals)
    {
        List<string> problems = new();
        Dictionary<ChargeKey, long> units = new();
        LedgerTotal total = CheckChain(store, units, problems);
        if (store.Total(null) is var stored && stored != total)
        {
            problems.Add(
                $"The store sums up {stored.Entries} lines to {stored.Units} units, "
                + $"but its lines are {total.Entries} with {total.Units} units.");
        }

        foreach (ChargeConflict conflict in store.ReadConflicts())
            problems.Add($"Conflict: {conflict}.");
        (long unfolded, long torn) = CheckJournals(store, journals, units, problems);
        return new LedgerVerification(total, unfolded, torn, problems);
    }

    private static LedgerTotal CheckChain(ILedgerStore store, Dictionary<ChargeKey, long> units, List<string> problems)
    {
        Queue<LedgerPeriod> periods = new(store.ReadPeriods());
        string hash = LedgerEntry.FirstHash;
        long number = 0;
        long sum = 0;
        long periodStart = 0;
        long periodSum = 0;
        ClosePeriods();
        foreach (LedgerEntry entry in store.ReadEntries())
        {
            number++;
            hash = LedgerEntry.HashOf(hash, number, entry.Charge);
            if (entry.Number != number || entry.Hash != hash)
            {
                problems.Add(
                    $"Line {entry.Number} does not continue the chain: it was changed, or a line before it was changed or removed.");
                hash = entry.Hash; // name every break once
                number = entry.Number;
            }

            if (!units.TryAdd(entry.Charge.Key, entry.Charge.Units))
                problems.Add($"Key {entry.Charge.Key} is on two lines.");
            sum += entry.Charge.Units;
            periodSum += entry.Charge.Units;
            ClosePeriods();
        }

        foreach (LedgerPeriod open in periods)
            problems.Add($"Period '{open.Name}' was closed after line {open.LastNumber}, but the ledger ends at line {number}.");
        return new LedgerTotal(units.Count, sum);

        void ClosePeriods()
        {
            while (periods.TryPeek(out LedgerPeriod? period) && period.LastNumber == number)
            {
                periods.Dequeue();
                if (period.Hash != hash || period.Total != new LedgerTotal(number - periodStart, periodSum))
                {
                    problems.Add(
                        $"Period '{period.Name}' was closed with {period.Total.Entries} lines and {period.Total.Units} units, "
                        + $"but its lines are {number - periodStart} with {periodSum} units, or their content was changed.");
                }

                periodStart = number;
                periodSum = 0;
            }
        }
    }

    private static (long Unfolded, long Torn) CheckJournals(
        ILedgerStore store, IEnumerable<string> journals, Dictionary<ChargeKey, long> units, List<string> problems)
    {
        IReadOnlyDictionary<Guid, long> consumed = store.ReadConsumed();
        HashSet<(ChargeKey Key, long Refused)> refused =
            store.ReadConflicts().Select(conflict => (conflict.Key, conflict.Refused)).ToHashSet();
        long unfolded = 0;
        long torn = 0;
        foreach (string path in journals)
        {
            if (JournalFormat.TryRead(path) is not { Content: var journal, Entries: var entries })
            {
                problems.Add($"'{path}' is no journal of a format that this library reads.");
                continue;
            }

            long folded = consumed.GetValueOrDefault(journal.Id);
            if (folded > entries.Count)
            {
                problems.Add(
                    $"'{path}' has {entries.Count} complete records, but {folded} were taken into the ledger: it was cut or damaged.");
            }

            if (journal.Damage is not null)
                problems.Add($"'{path}' is damaged: record {entries.Count} is unreadable and complete ones follow it.");
            torn += journal.TornBytes;
            unfolded += Math.Max(0, entries.Count - folded);
            foreach (JournalEntry entry in entries.Take((int)Math.Min(folded, int.MaxValue)))
            {
                if (!units.TryGetValue(entry.Key, out long charged))
                    problems.Add($"Charge {entry.Key} of '{path}' was taken in, but is not in the ledger.");
                else if (charged != entry.Units && !refused.Contains((entry.Key, entry.Units)))
                    problems.Add($"Charge {entry.Key} has {charged} units in the ledger and {entry.Units} in '{path}'.");
            }
        }

        return (unfolded, torn);
    }
}
