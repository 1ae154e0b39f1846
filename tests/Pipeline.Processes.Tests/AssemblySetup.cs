// Each test looks for processes that this program left behind; tests beside it would be among them.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
