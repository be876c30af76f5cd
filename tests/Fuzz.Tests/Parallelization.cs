// Growth is measured over the whole process: what another test holds at that moment would count.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
