namespace Pipeline.Core;

/// <summary>Settings of a resume journal. They are checked and copied when it is opened.</summary>
public sealed class ResumeJournalOptions
{
    /// <summary>Gets or sets what identifies the work: for example the name of the definition and its parameters.</summary>
    /// <value>0 to 1,000 characters; default empty. A journal of another job is refused, because its items were finished with other parameters.</value>
    public string Job { get; set; } = "";

    /// <summary>Gets or sets what the record of a finished item survives.</summary>
    /// <value>Default <see cref="Durability.ProcessCrash"/>: records are handed to the operating system at once, so a kill loses at most those of the last
    /// write, and a power failure those of the last seconds. <see cref="Durability.PowerLoss"/> also waits for the disk after every write; records of items
    /// that finish meanwhile share the next one. An item without a record is done again.</value>
    public Durability Durability { get; set; } = Durability.ProcessCrash;

    /// <summary>Gets or sets a value indicating whether an item is passed over when one of the same key is under way or finished in the same run.</summary>
    /// <value>Default false: such an item stops the run, because a key that is not unique would lose items without a word. True suits services to which the
    /// same item may be sent twice.</value>
    public bool PassOverDuplicates { get; set; }
}
